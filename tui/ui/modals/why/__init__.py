"""`W`: why a row is as it is, and what to do next."""
