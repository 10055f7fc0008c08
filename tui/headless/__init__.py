"""The same core without a screen: one-shot commands, their output and exit codes."""
