"""The session below the front ends."""
