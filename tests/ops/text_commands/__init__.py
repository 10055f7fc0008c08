"""text_commands."""
