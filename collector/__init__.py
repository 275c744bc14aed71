"""Fetches posts from platforms and acts on platforms. Never imports the classifier."""
