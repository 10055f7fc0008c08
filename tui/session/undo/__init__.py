"""What a console can undo."""
