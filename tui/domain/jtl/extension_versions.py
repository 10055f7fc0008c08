"""Checks on a change of an extension's version or hash.

Versions are free text (jtl PROTOCOL §3): compares only dotted numbers.
"""

import re

HASH_DIGITS = 128
"""SHA-512 in hexadecimal."""
_DOTTED = re.compile(r"v?(\d{1,18}(?:\.\d{1,18})*)", re.IGNORECASE | re.ASCII)


def goes_down(before: str, after: str) -> bool:
    """Whether `after` is lower than `before`; False if either is not a dotted number."""
    old, new = _numbers(before), _numbers(after)
    return old is not None and new is not None and new < old


def _numbers(version: str) -> tuple[int, ...] | None:
    """`v1.10.0` is (1, 10): without trailing zeros."""
    match = _DOTTED.fullmatch(version.strip())
    if match is None:
        return None
    numbers = [int(part) for part in match[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def is_hash(text: str) -> bool:
    return len(text) == HASH_DIGITS and set(text.lower()) <= set("0123456789abcdef")


def same_hash(one: str, other: str) -> bool:
    """Whether two hashes are equal, ignoring case and surrounding white space."""
    return one.strip().casefold() == other.strip().casefold()
