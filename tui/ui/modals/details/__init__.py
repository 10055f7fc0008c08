"""Details of one row, and the dialogs that read more about it."""
