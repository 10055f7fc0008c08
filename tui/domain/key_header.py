"""Whether the first line of a key list is a header, a name for the column and not a key. Pure.

A guess: it decides nothing, it only makes an operator say what the line is.
"""

import re
from collections.abc import Sequence

NO_HEADER = "# no header: every line without # is one key"
"""A comment that answers the question in the file itself."""
_WORD = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_NAMING = re.compile(
    "ids?|keys?|no|nr|num|nummern?|numbers?|codes?|names?|identifier|guid|uid|kennung|schlüssel|schluessel"
    "|konto|account|kunden?|customers?|debitor|kreditor|lieferant|supplier|vendor|contact|person|project"
    "|projekt|company|firma|value|wert|column|spalte|record"
)
"""Last words of a column's name."""
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
    """Whether `first` names a column, or is unlike `others`, the keys of the other lines.

    `numbers`: the keys are numbers, so that a word among them can be none.
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
    """`ErpKey`, `Customer No.`, `Kunden-Nr`, `contact_id`: a name that exports give a column of keys."""
    words = [word.casefold() for word in _WORD.findall(_HUMP.sub(" ", text))]
    if not words or _has_digit(text):
        return False
    alone = words[-1]
    compound = alone.endswith(_ENDS) or (len(words) == 1 and alone.startswith(_STEMS))
    return _NAMING.fullmatch(alone) is not None or compound


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
