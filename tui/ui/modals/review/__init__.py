"""The review before a write, and the progress of runs over several targets."""
