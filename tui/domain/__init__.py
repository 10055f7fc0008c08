"""Frozen data and pure rules. Standard library only; no I/O, no clock of its own."""
