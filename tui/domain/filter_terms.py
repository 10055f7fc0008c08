"""What a filter sees of a row, and the conditions that it is made of. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import ge, gt, le, lt
from types import MappingProxyType
from typing import Protocol

from tui.domain.text import folded

NUMBER = re.compile(r"\d{1,15}", re.ASCII)
_PART = re.compile(r"(\d{1,15}(?:\.\d{1,7})?)([smhd])", re.ASCII)
_INTERVAL = re.compile(rf"(?:{_PART.pattern}\s*)+", re.ASCII)
"""As the lists show one: `5m`, `1d 2h`, `0.5s`."""
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_COMPARE = {">": gt, "<": lt, ">=": ge, "<=": le}
_STAND_IN = "\ufffd"
_NONE: Mapping[str, str] = MappingProxyType({})


def _searched(text: str) -> str:
    """`text` as words are looked for in it: folded, and where it holds stand-ins for what cannot be
    shown, without them as well."""
    plain = folded(text)
    return f"{plain}\n{plain.replace(_STAND_IN, '')}" if _STAND_IN in plain else plain


@dataclass(frozen=True, slots=True)
class Record:
    """What a filter sees of a row; build it when the row changes, not when the filter does."""

    fields: Mapping[str, str]
    """Field name in lower case → its text as shown."""
    ages: Mapping[str, float | None] = field(default_factory=dict)
    """What can be compared, by its name in lower case → seconds, or a number; infinite for *never*,
    None where it is not known."""
    aside: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """Fields that only their name finds, in lower case."""
    haystack: str = field(init=False, repr=False, compare=False)
    """All texts, folded, one a line."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "haystack", _searched("\n".join(self.fields.values())))


class Term(Protocol):
    """One condition."""

    def matches(self, record: Record) -> bool:
        """Whether `record` meets it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded text that occurs in any field."""

    text: str

    def matches(self, record: Record) -> bool:
        """Whether it occurs."""
        return self.text in record.haystack


@dataclass(frozen=True, slots=True)
class Field:
    """A folded text that occurs in one field."""

    name: str
    text: str

    def matches(self, record: Record) -> bool:
        """Whether it occurs there; a row without the field does not match."""
        if self.name in record.aside:
            return self.text in record.aside[self.name]
        shown = record.fields.get(self.name, "")
        return self.text in record.haystack and self.text in _searched(shown)


@dataclass(frozen=True, slots=True)
class Amount:
    """An interval or a whole number in one field; found as text where the field holds neither."""

    name: str
    text: str
    amount: float

    def matches(self, record: Record) -> bool:
        """Whether it is the same amount."""
        shown = _searched(record.fields.get(self.name, ""))
        other = amount_of(shown, like=self.text)
        return self.text in shown if other is None else other == self.amount


def amount_of(text: str, like: str) -> float | None:
    """Seconds of an interval, or a whole number, of the same kind as `like`; None: it is neither."""
    if like.isdecimal():
        return float(text) if NUMBER.fullmatch(text) else None
    if not _INTERVAL.fullmatch(text):
        return None
    return sum(float(count) * _SECONDS[unit] for count, unit in _PART.findall(text))


@dataclass(frozen=True, slots=True)
class Age:
    """An age, or a number, compared with another."""

    name: str
    sign: str
    seconds: float

    def matches(self, record: Record) -> bool:
        """Whether the comparison holds; an unknown age is neither older nor younger."""
        age = record.ages.get(self.name)
        return age is not None and _COMPARE[self.sign](age, self.seconds)


@dataclass(frozen=True, slots=True)
class Range:
    """An age, or a number, between two others or at one of them."""

    name: str
    least: float
    most: float

    def matches(self, record: Record) -> bool:
        """Whether it lies there."""
        age = record.ages.get(self.name)
        return age is not None and self.least <= age <= self.most


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a term."""

    term: Term

    def matches(self, record: Record) -> bool:
        """Whether the term does not match."""
        return not self.term.matches(record)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of several terms."""

    terms: tuple[Term, ...]

    def matches(self, record: Record) -> bool:
        """Whether one of them matches."""
        return any(term.matches(record) for term in self.terms)
