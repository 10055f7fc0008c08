"""Whether the first line of a key list looks like a header instead of a key. Pure.

A guess: it decides nothing; it only makes an operator choose.
"""

import re
from collections.abc import Sequence

NO_HEADER = "# no header: every line without # is one key"
"""A comment in the file that answers the question."""
_WORD = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_NAMING = re.compile(
    "ids?|keys?|no|nr|num|nummern?|numbers?|codes?|names?|identifier|guid|uid|kennung|schlüssel|schluessel"
    "|konto|account|kunden?|customers?|debitor|kreditor|lieferant|supplier|vendor|contact|person|project"
    "|projekt|company|firma|value|wert|column|spalte|record"
)
"""Common last words of a column's name."""
_STEMS = (
    "kunden",
    "debitor",
    "kreditor",
    "lieferant",
    "customer",
    "supplier",
    "vendor",
    "erp",
    "extern",
)
_ENDS = ("nummer", "number", "schlüssel", "schluessel", "kennung", "key", "name")


def looks_like_header(first: str, others: Sequence[str], *, numbers: bool) -> bool:
    """Whether `first` names a column, or differs from `others`, the keys of the other lines.

    `numbers`: the keys are numbers, so a word cannot be one.
    """
    if not _WORD.search(first):
        return False
    if is_column_name(first):
        return True
    if not others:
        return False
    if numbers:
        return first[0].isalpha()
    if not _has_digit(first):
        return all(map(_has_digit, others))
    return not any(map(_WORD.search, others))


def is_column_name(text: str) -> bool:
    """Whether exports use it as the name of a key column: `ErpKey`, `Kunden-Nr`, `contact_id`."""
    words = [word.casefold() for word in _WORD.findall(_HUMP.sub(" ", text))]
    if not words or _has_digit(text):
        return False
    alone = words[-1]
    compound = alone.endswith(_ENDS) or (len(words) == 1 and alone.startswith(_STEMS))
    return _NAMING.fullmatch(alone) is not None or compound


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
