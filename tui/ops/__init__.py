"""What can be done, how dangerous it is, and what happened."""
