"""Filter expressions over rows: `word`, `"two words"`, `field:value`, `!word`, `a|b`, `age>5m`,
`every:5m..1h`, all AND-ed.

A field with an interval or a whole number is compared, not searched: `every:5m` does not find 15m.
While the operator types, an unfinished last term hides nothing; an invalid filter matches no row, so
that nothing is done to rows that were not meant.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from math import inf
from typing import NoReturn, TypeAlias, TypeVar

from tui.domain.filter_terms import (
    NUMBER,
    Age,
    Amount,
    Field,
    Not,
    Or,
    Range,
    Record,
    Term,
    Word,
    amount_of,
)
from tui.domain.text import cited, folded
from tui.frozen import frozen

__all__ = ["Filter", "Record", "parse_filter"]

T = TypeVar("T")
Names: TypeAlias = Collection[str] | Mapping[str, str]
"""Names in lower case; a mapping leads from each to the name in a record."""
_QUOTED = re.compile(r'("[^"]*"?)')
_AROUND = re.compile(r"\s*\|\s*|(?<=[\w])\s*(?:>=|<=|>|<)\s*", re.ASCII)
"""White space around these does not split a term."""
_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_PIECE = re.compile(r'\||(?:[^|"]|"[^"]*"?)+')
_COMPARISON = re.compile(r"([a-z_]\w*)(>=|<=|>|<)(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"([a-z_][\w-]*):(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_ENDINGS = ("", "s", "0s", "0")
"""What the operator could type next to complete an amount."""


@frozen
class Filter:
    text: str = ""
    """As typed."""
    terms: tuple[Term, ...] = ()
    problem: str | None = None
    """The first invalid part, and what is valid; the filter then matches no row."""
    unfinished: bool = False
    """Whether the operator is still typing its last term, which hides nothing until then."""

    @property
    def is_whole(self) -> bool:
        """Whether the rows that match are the ones that are meant."""
        return self.problem is None and not self.unfinished

    def narrows(self, other: "Filter") -> bool:
        """Whether it certainly matches no row that `other` does not match."""
        if other.problem is not None:
            return False
        words = [term.text for term in self.terms if isinstance(term, Word)]
        return all(
            isinstance(term, Word) and any(term.text in word for word in words) for term in other.terms
        )

    def among(self, things: Sequence[T], record_of: Callable[[T], Record]) -> Sequence[T]:
        """The matching things; term by term, which is fast with 50,000 of them."""
        if self.problem is not None:
            return ()
        for term in self.terms:
            matches = term.matches
            if isinstance(term, Word):
                text = term.text
                things = [one for one in things if text in record_of(one).haystack]
            else:
                things = [one for one in things if matches(record_of(one))]
        return things

    def matches(self, record: Record) -> bool:
        if self.problem is not None:
            return False
        for term in self.terms:  # noqa: SIM110 - half the time of a generator, at 50,000 rows a key
            if not term.matches(record):
                return False
        return True


class _Unreadable(Exception):
    """A term is invalid; `unfinished` if typing more could make it valid."""

    def __init__(self, sentence: str, *, unfinished: bool = False) -> None:
        super().__init__(sentence)
        self.unfinished = unfinished


def parse_filter(
    text: str,
    fields: Names = (),
    ages: Names = ("age",),
    numbers: Names = (),
    *,
    finished: bool = False,
) -> Filter:
    """Read a filter; never fails.

    `fields`: the fields with a text; if empty, every name is valid. `ages` and `numbers`: the comparable
    fields. `finished`: the operator is done typing, so that an incomplete term is a problem.
    """
    known, terms = _Known(fields, ages, numbers), []
    problem, unfinished = None, False
    tokens = _TOKEN.findall(_joined(text))
    for place, token in enumerate(tokens, 1):
        body = token.removeprefix("!")
        try:
            term = _either(body, known)
        except _Unreadable as why:
            if why.unfinished and not finished and place == len(tokens):
                unfinished = True
            else:
                problem = problem or str(why)
        else:
            terms.append(term if token == body else Not(term))
    return Filter(text, tuple(terms), problem, unfinished)


def _joined(text: str) -> str:
    """Without the white space around `|`, `<` and `>`, except in quotes."""
    parts = _QUOTED.split(text)
    parts[::2] = (_AROUND.sub(lambda found: found[0].strip(), part) for part in parts[::2])
    return "".join(parts)


def _either(body: str, known: "_Known") -> Term:
    """A term, or several separated by `|`; the later ones may omit the field."""
    outside = "".join(_QUOTED.split(body)[::2])
    still_open = outside.count("(") - outside.count(")")
    if still_open:
        sentence = f'a bracket in {cited(body)} has no partner: quote it to search for it, as in "("'
        raise _Unreadable(sentence, unfinished=still_open > 0)
    if body[:1] == "(" and body[-1:] == ")" and "|" in outside:
        body = body[1:-1]
    parts = [""]
    for piece in _PIECE.findall(body):
        parts[-1:] = [parts[-1], ""] if piece == "|" else [parts[-1] + piece]
    *first, last = _with_fields(parts)
    if not all(parts) and len(parts) > 1:
        raise _Unreadable("one side of | is empty: write a|b", unfinished=all(parts[:-1]))
    try:
        terms = [known.term(part) for part in first]
    except _Unreadable as why:
        raise _Unreadable(str(why)) from None
    return Or((*terms, known.term(last))) if first else known.term(last)


def _with_fields(parts: Sequence[str]) -> list[str]:
    named, lead, after = [], "", ""
    for part in parts:
        own = _COMPARISON.fullmatch(part) or _FIELD.fullmatch(part)
        if own is not None:
            lead, after = own[1], "" if own.re is _COMPARISON else ":"
            named.append(part)
        elif part[:1] in ("<", ">"):
            named.append(lead + part)
        else:
            named.append(lead + after + part if after else part)
    return named


@frozen
class _Known:
    """The names of a list's fields."""

    fields: Names
    ages: Names
    numbers: Names

    def term(self, text: str) -> Term:
        """Read one condition. Raises _Unreadable: it is not a condition."""
        if comparison := _COMPARISON.fullmatch(text):
            name, sign, value = comparison[1].lower(), comparison[2], _bare(comparison[3])
            self._check_compares(name)
            return Age(self._key(name), sign, self._value(name, value, f"{name}{sign}"))
        if named := _FIELD.fullmatch(text):
            return self._field(named[1].lower(), _bare(named[2]))
        word = _bare(text)
        if not word:
            raise _Unreadable('a word is missing: write !word or "two words"', unfinished=True)
        return Word(folded(word))

    def _field(self, name: str, value: str) -> Term:
        ordered = name in self.ages or name in self.numbers
        if self.fields and name not in self.fields and not ordered:
            raise self._no_field(name)
        if not value:
            raise _Unreadable(f"{name}: has no value: write {name}:value", unfinished=True)
        if ordered and ".." in value:
            return self._range(name, value)
        begun = ordered and value.endswith(".") and self._read(name, value[:-1]) is not None
        if begun or (ordered and name not in self.fields):
            self._refuse_amount(name, value, f"{name}:")
        text, key = folded(value), _key(self.fields, name)
        amount = amount_of(text, like=text)
        return Field(key, text) if amount is None else Amount(key, text, amount)

    def _range(self, name: str, value: str) -> Range:
        least, _, most = value.partition("..")
        if not least and not most:
            self._refuse_amount(name, value, f"{name}:")
        low = self._value(name, least, f"{name}:") if least else -inf
        high = self._value(name, most, f"{name}:{least}..") if most else inf
        return Range(self._key(name), low, high)

    def _value(self, name: str, text: str, before: str) -> float:
        """A number of seconds, or a number."""
        value = self._read(name, text)
        if value is None:
            self._refuse_amount(name, text, before)
        return value

    def _read(self, name: str, text: str) -> float | None:
        text = folded(text)
        if name in self.numbers:
            return float(text) if NUMBER.fullmatch(text) else None
        return None if text.isdecimal() else amount_of(text, like="")

    def _refuse_amount(self, name: str, text: str, before: str) -> NoReturn:
        """Raise an error that shows the right form; more typing may still make it valid."""
        side = text.rpartition("..")[2]
        begun = (side, side.removesuffix("."))
        may_become = any(self._read(name, one + more) is not None for one in begun for more in _ENDINGS)
        example = ("7", "3..7") if name in self.numbers else ("5m", "5m..1h")
        unit = "a number" if name in self.numbers else "a number and a unit (s m h d)"
        raise _Unreadable(
            f"{before}{text}: write {unit}, such as {name}>{example[0]} or {name}:{example[1]}",
            unfinished=may_become,
        )

    def _check_compares(self, name: str) -> None:
        if name in self.ages or name in self.numbers:
            return
        if self.fields and name not in self.fields:
            raise self._no_field(name)
        able = ", ".join((*self.ages, *self.numbers)) or "none"
        raise _Unreadable(f"{cited(name)} does not support < and >. Fields that do: {able}")

    def _no_field(self, name: str) -> _Unreadable:
        names = ", ".join(dict.fromkeys((*self.fields, *self.ages, *self.numbers)))
        return _Unreadable(
            f"{cited(name)} is not a field. Fields: {names}; quote the text to search for it"
        )

    def _key(self, name: str) -> str:
        return _key(self.ages if name in self.ages else self.numbers, name)


def _key(names: Names, name: str) -> str:
    return names.get(name, name) if isinstance(names, Mapping) else name


def _bare(text: str) -> str:
    return text.replace('"', "")
