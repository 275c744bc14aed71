"""The program: settings, wiring, worker, command line."""
