"""The Extensions tab."""
