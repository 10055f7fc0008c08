"""`syncdeck maintenance`: open, list, close and forget."""
