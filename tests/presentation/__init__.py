"""What is shown of each list."""
