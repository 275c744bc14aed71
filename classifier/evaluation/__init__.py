"""How well the detectors do, measured."""
