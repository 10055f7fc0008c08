"""Rules on what needs attention."""
