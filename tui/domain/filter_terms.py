"""The part of a row that a filter sees, and the conditions of a filter. Pure."""

import re
from collections.abc import Mapping
from dataclasses import field
from operator import ge, gt, le, lt
from types import MappingProxyType
from typing import Protocol

from tui.domain.intervals import UNITS
from tui.domain.text import folded
from tui.frozen import frozen

NUMBER = re.compile(r"\d{1,15}", re.ASCII)
_PART = re.compile(r"(\d{1,15}(?:\.\d{1,7})?)([smhd])", re.ASCII)
_INTERVAL = re.compile(rf"(?:{_PART.pattern}\s*)+", re.ASCII)
"""In the form of the lists: `5m`, `1d 2h`, `0.5s`."""
_COMPARE = {">": gt, "<": lt, ">=": ge, "<=": le}
_STAND_IN = "\ufffd"
_NONE: Mapping[str, str] = MappingProxyType({})


def _searched(text: str) -> str:
    """`text` in its form for a search: folded; a text with stand-ins for characters that cannot be shown
    is followed by itself without them."""
    plain = folded(text)
    return f"{plain}\n{plain.replace(_STAND_IN, '')}" if _STAND_IN in plain else plain


@frozen
class Record:
    """The part of a row that a filter sees; build it when the row changes, not when the filter does."""

    fields: Mapping[str, str]
    """Field name in lower case → its text as shown."""
    ages: Mapping[str, float | None] = field(default_factory=dict)
    """Comparable values by name in lower case, in seconds or as a number; infinite for *never*, None if
    not known."""
    aside: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """Fields that only a search by their name finds, in lower case."""
    haystack: str = field(init=False, repr=False, compare=False)
    """All texts, folded, one per line."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "haystack", _searched("\n".join(self.fields.values())))


class Term(Protocol):
    def matches(self, record: Record) -> bool: ...


@frozen
class Word:
    """A folded text in any field."""

    text: str

    def matches(self, record: Record) -> bool:
        return self.text in record.haystack


@frozen
class Field:
    """A folded text in one field."""

    name: str
    text: str

    def matches(self, record: Record) -> bool:
        """A row without the field does not match."""
        if self.name in record.aside:
            return self.text in record.aside[self.name]
        shown = record.fields.get(self.name, "")
        return self.text in record.haystack and self.text in _searched(shown)


@frozen
class Amount:
    """An interval or a whole number in one field; a text search if the field holds neither."""

    name: str
    text: str
    amount: float

    def matches(self, record: Record) -> bool:
        shown = _searched(record.fields.get(self.name, ""))
        other = amount_of(shown, like=self.text)
        return self.text in shown if other is None else other == self.amount


def amount_of(text: str, like: str) -> float | None:
    """Seconds of an interval, or a whole number, of the same kind as `like`; None: it is neither."""
    if like.isdecimal():
        return float(text) if NUMBER.fullmatch(text) else None
    if not _INTERVAL.fullmatch(text):
        return None
    return sum(float(count) * UNITS[unit] for count, unit in _PART.findall(text))


@frozen
class Age:
    """A comparison of an age, or a number."""

    name: str
    sign: str
    seconds: float

    def matches(self, record: Record) -> bool:
        """An unknown age is neither older nor younger."""
        age = record.ages.get(self.name)
        return age is not None and _COMPARE[self.sign](age, self.seconds)


@frozen
class Range:
    """An age, or a number, between two others, both included."""

    name: str
    least: float
    most: float

    def matches(self, record: Record) -> bool:
        age = record.ages.get(self.name)
        return age is not None and self.least <= age <= self.most


@frozen
class Not:
    term: Term

    def matches(self, record: Record) -> bool:
        return not self.term.matches(record)


@frozen
class Or:
    terms: tuple[Term, ...]

    def matches(self, record: Record) -> bool:
        return any(term.matches(record) for term in self.terms)
