"""Undo of applied changes."""
