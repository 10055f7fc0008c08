"""Maintenance in the console: open a set, follow it, close it."""
