"""Modal screens: details, review, confirmation, help."""
