"""The Engine tab."""
