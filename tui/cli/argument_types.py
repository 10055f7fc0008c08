"""How the values of arguments are read: what is wrong with one is a sentence for argparse."""

import argparse
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def said(read: Callable[[str], T]) -> Callable[[str], T]:
    """The same function, whose ValueError argparse prints."""

    def of(text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return of


@said
def past(text: str) -> datetime:
    """A time of something that was; in UTC, as every time that is printed."""
    from tui.domain.time_grammar import past_time

    return past_time(text, datetime.now(UTC))


@said
def duration(text: str) -> float:
    """Seconds of `8h` or `1h 30m`."""
    from tui.domain.intervals import parse_input

    return parse_input(text)


def number(what: str, is_valid: Callable[[float], bool], unit: str = "") -> Callable[[str], float]:
    """`what`: which numbers are valid; `unit`: may stand behind it."""

    @said
    def of(text: str) -> float:
        try:
            found = float(text.removesuffix(unit))
        except ValueError:
            found = math.nan  # which no comparison holds for
        if not is_valid(found):
            raise ValueError(f"{text!r} is not a number of {what}")
        return found

    return of


@said
def count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise ValueError(f"{text!r} is not a whole number from 0 up")
    return int(text)


@said
def path(text: str) -> Path:
    if not text:
        raise ValueError("a file name is needed")
    if text == "-":
        raise ValueError("'-' stands for no file here: name one, such as ./-")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"{text!r}: the home directory that ~ stands for is not known") from None


def add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
