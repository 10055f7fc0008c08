"""`syncdeck doctor`: checks the terminal, files and both systems."""
