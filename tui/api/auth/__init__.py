"""Credentials of a system: secret sources, tokens, logins, and calls that carry them."""
