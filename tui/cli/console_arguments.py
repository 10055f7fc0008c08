"""The command line of the console, read without the parser: loading that takes as long as some screens.

Only what certainly means the same to the parser is read here; everything else is left to it.
"""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeVar

from tui.launch import RunOptions

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")
DEFAULTS = {
    "command": None,
    "profile": None,
    "config": None,
    "demo": False,
    "read_only": False,
    "slow": False,
    "no_mouse": False,
    "stock_driver": False,
    "log": None,
    "replay": None,
    "json": False,
}
_SWITCHES = ("--demo", "--read-only", "--slow", "--no-mouse", "--stock-driver")
_WITH_VALUE = {"--profile": str, "--config": Path, "--log": Path, "--replay": Path}


class Arguments(SimpleNamespace):
    """What the command line says, by name."""


def plain(arguments: Sequence[str]) -> Arguments | None:
    """The options of a console; None where the parser has to read them."""
    given: dict[str, object] = {}
    rest = iter(arguments)
    for one in rest:
        name, is_joined, value = one.partition("=")
        if one in _SWITCHES:
            given[_key(one)] = True
        elif name in _WITH_VALUE:
            value = value if is_joined else next(rest, "")
            if not value or value.startswith(("-", "~")):
                return None
            given[_key(name)] = _WITH_VALUE[name](value)
        else:
            return None
    return Arguments(**(DEFAULTS | given))


def command_of(arguments: Sequence[str]) -> str:
    """The first word that is neither an option nor the value of one; empty: there is none.

    An option that does not belong before a command may have a value: that is not the command.
    """
    rest, is_value = iter(arguments), False
    for one in rest:
        if one in _WITH_VALUE:
            next(rest, "")
        elif one.startswith("-"):
            is_value = one not in _SWITCHES and "=" not in one
        elif not is_value or one == "check":
            return one
        else:
            is_value = False
    return ""


def _key(option: str) -> str:
    return option.removeprefix("--").replace("-", "_")


def options_of(args: Arguments) -> RunOptions:
    """The options that concern a running profile."""
    return request_of(RunOptions, args)


def request_of(kind: type[R], args: Arguments, **more: object) -> R:
    """What a front end is asked for, a data class: each field is the argument of that name, but those in
    `more`."""
    names = [one.name for one in fields(kind) if one.name not in more]
    given = {name: getattr(args, name) for name in names}
    known = {name: tuple(one) if isinstance(one, list) else one for name, one in given.items()}
    return kind(**known, **more)
