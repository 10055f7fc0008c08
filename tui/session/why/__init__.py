"""Gathers the facts that the rules of `domain.why` read, for a console and for one-shot commands."""
