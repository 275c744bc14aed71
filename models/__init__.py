"""The shared words, the tables and the one door to them, and the errors."""
