"""Values in the audit trail, written and read back: exactly of their type, or TypeError."""

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

Sent: TypeAlias = Mapping[str, object]
"""The values of a command, by name."""
EVERYTHING = "everything"
"""Recorded for an empty key list, which means all."""


def given(**fields: object) -> Sent:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def if_so(**flags: bool) -> Sent:
    """The flags that are set."""
    return {name: True for name, flag in flags.items() if flag}


def fingerprint(content: bytes) -> Sent:
    """The record of a file."""
    return {"bytes": len(content), "sha512": hashlib.sha512(content).hexdigest()}


def text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def optional_text(sent: Sent, name: str) -> str | None:
    """A text, or None if the field is missing."""
    return None if name not in sent else text(sent[name])


def number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a number")
    return value


def truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return value


def texts(value: object) -> Mapping[str, str]:
    """Texts by name."""
    if not isinstance(value, Mapping):
        raise TypeError("not a table")
    return {text(name): text(item) for name, item in value.items()}


def items(value: object) -> list[object]:
    """A non-empty list."""
    if not isinstance(value, list) or not value:
        raise TypeError("not a list")
    return value


def keys(value: object) -> list[object]:
    """A list of keys, or the word for all of them."""
    return [] if value == EVERYTHING else items(value)
