"""Compares names without regard to case, Unicode form and white space."""

from functools import lru_cache

from tui.domain.text import folded

ID_PREFIX, NAME_PREFIX = "id:", "name:"
"""Prefixes that make a word exact."""
_KEPT = 65_536
"""Cached names: every target of a long list is compared with every word."""


@lru_cache(_KEPT)
def folded_name(name: str) -> str:
    """`name` for comparison: folded as in a filter, with single spaces."""
    return " ".join(folded(name).split())
