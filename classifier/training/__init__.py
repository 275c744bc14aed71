"""How the shipped weights are learnt; not needed at run time."""
