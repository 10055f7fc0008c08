"""The session that both front ends stand on: sending a write, following its effect, undo, recovery."""
