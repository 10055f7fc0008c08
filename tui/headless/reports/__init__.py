"""The reports of the one-shot commands: one per list, and `status`."""
