"""What people decide and what follows."""
