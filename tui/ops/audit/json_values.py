"""Values in the audit trail, written and read back: exactly of their type, or TypeError."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from tui.domain.writes import IDENTIFIERS, Write

W = TypeVar("W", bound=Write)
Sent: TypeAlias = Mapping[str, object]
"""The values of a command, by name."""
EVERYTHING = "everything"
"""Recorded for an empty key list, which means all."""


def given(**fields: object) -> Sent:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def values_of(write: Write) -> Sent:
    """Every field of a command but its target; without those that are None."""
    fields = given(**asdict(write)).items()
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in fields
        if name not in IDENTIFIERS
    }


def restored(command: type[W], target: str, sent: Sent) -> W:
    """The command whose values `values_of` gave.

    Raises KeyError, TypeError, ValueError: they are not all there, or not of their types.
    """
    values: dict[str, object] = {}
    for name, kind in get_type_hints(command).items():
        if name in IDENTIFIERS:
            values[name] = kind(target)
        elif name in sent or type(None) not in get_args(kind):
            values[name] = _of_type(kind, sent[name])
    return command(**values)  # type: ignore[arg-type] # each is of the type of its field


def _of_type(kind: type, value: object) -> object:
    if get_origin(kind) is tuple:
        return tuple(_of_type(get_args(kind)[0], one) for one in items(value))
    if type(value) not in (kind, *get_args(kind)):
        raise TypeError(f"not of the type {kind}")
    return value


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


def number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a number")
    return value


def truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return value


def texts(value: object) -> Mapping[str, str]:
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
