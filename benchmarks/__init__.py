"""What the product promises in seconds and megabytes, measured. Never run as a test."""
