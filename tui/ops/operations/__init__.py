"""The operation table and the kinds of operations."""
