"""`syncdeck run`: an operation on the command line, from plan to result."""
