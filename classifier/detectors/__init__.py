"""One file a thing that is detected."""
