"""Gathers the facts of a report and of a hand-over, for the console and for commands."""
