"""When two names are the same to an operator: whatever their case, Unicode form or blanks."""

from functools import lru_cache
from unicodedata import normalize

ID_PREFIX, NAME_PREFIX = "id:", "name:"
"""Before a word, they say exactly what it is."""
_KEPT = 65_536
"""Names that are kept folded: every target of a long list is compared with every word."""


@lru_cache(_KEPT)
def folded(text: str) -> str:
    """`text` for comparing: composed and decomposed letters, cases and kinds of blanks are one."""
    return " ".join(normalize("NFD", normalize("NFD", text).casefold()).split())
