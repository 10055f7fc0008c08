"""`syncdeck why`."""
