"""Written (not collected) training text: sources, the generator, and the rows it makes."""
