"""Values in the neutral encoding of SuperOffice: `[DT:…]`, `[D:…]`, `[I:n]`, `[F:x]`. Pure.

Source: superoffice PROTOCOL §16. That the change log holds them is [inferred]; any other text does not
change.
"""

import re
from contextlib import suppress
from datetime import datetime

from tui.domain.timestamps import NEVER_YEARS

_ENCODED = re.compile(r"\[(DT|D|I|F):([^\[\]]{0,60})\]", re.IGNORECASE)
_FRACTION = re.compile(r"\.\d{1,9}\Z", re.ASCII)
_DAY, _TIME = "%m/%d/%Y", "%m/%d/%Y %H:%M:%S"


def plain_value(text: str) -> str:
    """`[I:7]` → `7`, `[DT:11/29/2026 17:40:02.0000000]` → `2026-11-29T17:40:02`, `[D:11/30/2011]` →
    `2011-11-30`; the year 1 or 1760 → `no date`; an invalid one is kept."""
    match = _ENCODED.fullmatch(text.strip())
    if match is None:
        return text
    kind, value = match[1].upper(), match[2].strip()
    if kind in ("I", "F"):
        return value
    at = _moment(value)
    if at is None:
        return text
    if at.year in NEVER_YEARS:
        return "no date"
    return at.date().isoformat() if kind == "D" else at.isoformat()


def plain_time(text: str) -> str:
    """An encoded date or time in ISO 8601 without an offset; any other text as it is."""
    match = _ENCODED.fullmatch(text.strip())
    at = _moment(match[2].strip()) if match is not None and match[1].upper() in ("DT", "D") else None
    return text if at is None else at.isoformat()


def _moment(text: str) -> datetime | None:
    whole = _FRACTION.sub("", text)
    for form in (_TIME, _DAY):
        with suppress(ValueError):
            return datetime.strptime(whole, form)
    return None
