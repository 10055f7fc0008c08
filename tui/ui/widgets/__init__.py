"""Widgets with one way in: `show(...)`. They never fetch."""
