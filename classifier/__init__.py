"""Reads posts and says what a person should look at. Never imports the collector."""
