"""Versions and hashes of extensions: what a change of them should make one look twice at.

Versions are free text (jtl-erp-api §3): only dotted numbers are compared, all else is not judged.
"""

import re

HASH_DIGITS = 128
"""SHA-512 in hexadecimal."""
_DOTTED = re.compile(r"v?(\d{1,18}(?:\.\d{1,18})*)", re.IGNORECASE | re.ASCII)


def goes_down(before: str, after: str) -> bool:
    """Whether `after` is lower than `before`; False where either is no dotted number."""
    old, new = _numbers(before), _numbers(after)
    return old is not None and new is not None and new < old


def _numbers(version: str) -> tuple[int, ...] | None:
    """`v1.10.0` is (1, 10): trailing zeros count for nothing."""
    match = _DOTTED.fullmatch(version.strip())
    if match is None:
        return None
    numbers = [int(part) for part in match[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def is_hash(text: str) -> bool:
    """Whether `text` is a SHA-512 in hexadecimal."""
    return len(text) == HASH_DIGITS and set(text.lower()) <= set("0123456789abcdef")


def same_hash(one: str, other: str) -> bool:
    """Whether two hashes are the same one; case and blanks around them do not count."""
    return one.strip().casefold() == other.strip().casefold()
