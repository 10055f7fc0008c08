"""When two names are the same to an operator: whatever their case, Unicode form or blanks."""

from functools import lru_cache

from tui.domain.text import folded

ID_PREFIX, NAME_PREFIX = "id:", "name:"
"""Before a word, they say exactly what it is."""
_KEPT = 65_536
"""Names that are kept folded: every target of a long list is compared with every word."""


@lru_cache(_KEPT)
def folded_name(name: str) -> str:
    """`name` as it is compared with another: as in a filter, and however wide its blanks are."""
    return " ".join(folded(name).split())
