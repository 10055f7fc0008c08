"""What Textual leaves to us between it and the terminal: input, output, clipboard, colours."""
