"""Maintenance: what was stopped together, and what closing does with it. Pure."""
