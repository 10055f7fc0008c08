"""What was observed, kept in files: one writer, and the queries that read it."""
