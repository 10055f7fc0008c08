"""Maintenance of a profile: what is open, opening, closing, going on."""
