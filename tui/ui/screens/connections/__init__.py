"""The Connections tab."""
