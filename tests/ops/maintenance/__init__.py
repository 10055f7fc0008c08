"""The journals of maintenance."""
