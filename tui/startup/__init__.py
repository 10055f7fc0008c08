"""The first frame, shown before anything heavy is loaded."""
