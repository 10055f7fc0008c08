"""The history: of a row, and of everything; and what is typed for it."""
