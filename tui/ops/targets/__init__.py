"""Targets of operations: look-up, reading and fitness."""
