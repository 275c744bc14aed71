"""The connectors against real servers on the loopback. Never run as a test: `make live`."""
