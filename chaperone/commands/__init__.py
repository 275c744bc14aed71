"""The commands of `chaperone`, a file for each group."""
