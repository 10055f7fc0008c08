"""Reading rows of any server: keys in any case, lenient where the meaning is clear, never inventing.

A row that cannot be read does not spoil its neighbours: it comes out with its identifier and what is
wrong with it. Only if no row can be read is the answer itself bad.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import is_
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from tui.api.words import folded, short, words_of
from tui.domain.intervals import Interval
from tui.domain.moments import Moment
from tui.domain.workers import Raw

T = TypeVar("T")
SAFE_ID = re.compile(r"[A-Za-z0-9{][A-Za-z0-9._:{}~-]{0,127}")
"""An identifier that can stand in a path and means only itself there."""
MOST_ROWS = 100_000
"""Rows of one answer that are read; the longest lists that are known of have a tenth of it."""


class Unreadable(ValueError):
    """Nothing in the answer can be read; the message says why."""


def kind_of(value: object) -> str:
    """The JSON type of a value, for sentences."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names: tuple[tuple[type, str], ...] = (
        (str, "text"),
        (int, "a number"),
        (float, "a number"),
        (list, "a list"),
        (dict, "an object"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "something else")


def _unexpected(wanted: str, value: object) -> ValueError:
    return ValueError(f"expected {wanted}, got {kind_of(value)}")


def as_text(value: object) -> object:
    """Text; numbers and truth values as JSON writes them."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    raise _unexpected("text", value)


def as_whole(value: object) -> object:
    """A whole number, also one written as text."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value):
        return int(value)
    raise _unexpected("a whole number", value)


def as_number(value: object) -> object:
    """A finite number; one that is not finite says nothing."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _unexpected("a number", value)
    try:
        number = float(value)
    except ValueError:
        raise _unexpected("a number", value) from None
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def as_truth(value: object) -> object:
    """True or false, also as text or as 0 and 1."""
    if isinstance(value, bool) or value is None:
        return value
    known: dict[object, bool] = {"true": True, "false": False, "1": True, "0": False, 1: True, 0: False}
    key = value.strip().lower() if isinstance(value, str) else value
    if isinstance(key, str | int) and key in known:
        return known[key]
    raise _unexpected("true or false", value)


def _or_empty(value: object) -> object:
    return [] if value is None else value


Text = Annotated[str | None, BeforeValidator(as_text)]
Whole = Annotated[int | None, BeforeValidator(as_whole)]
Number = Annotated[float | None, BeforeValidator(as_number)]
Truth = Annotated[bool | None, BeforeValidator(as_truth)]
Rows = Annotated[list[T], BeforeValidator(_or_empty)]


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


class Row(BaseModel):
    """A row of a server: its keys are read in any case, what is absent stays None."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, alias_generator=_pascal)

    _spelling: ClassVar[dict[str, str]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls._spelling = {_pascal(name).lower(): _pascal(name) for name in cls.model_fields}

    @model_validator(mode="before")
    @classmethod
    def _fold(cls, value: object) -> object:
        if not isinstance(value, dict):
            raise _unexpected("an object", value)
        known = folded(value)
        return {name: known[key] for key, name in cls._spelling.items() if key in known}


R = TypeVar("R", bound=Row)


def read_row(model: type[R], value: object) -> R:
    """Read one row.

    Raises:
        Unreadable: `Interval: expected text, got a list`, in the protocol's spelling.
    """
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        raise Unreadable(_first(problem)) from None


def _first(problem: ValidationError) -> str:
    error = problem.errors(include_url=False, include_input=False)[0]
    place = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in error["loc"])
    told: Any = error.get("ctx", {}).get("error")
    why = str(told) if told is not None else _plain(error["type"], error["msg"])
    return f"{place}: {why}" if place else why


def _plain(kind: str, message: str) -> str:
    return {"list_type": "expected a list", "missing": "missing"}.get(kind, message.lower())


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows of one kind are read."""

    identifier: str
    """Its key, in lower case."""
    read: Callable[[object, Raw], Any]
    """(row, raw) → domain object; raises `Unreadable`."""
    broken: Callable[[str, str, Raw], Any]
    """(identifier, problem, raw) → a domain object that says so."""
    envelope: Sequence[str] = ()
    """Keys, in lower case, under which the list may lie (jtl-erp-api §7, quirk 8)."""


def rows_in(tree: object, reading: Reading) -> list[object]:
    """Find the list in an answer: bare, in an envelope, or a single row.

    Raises:
        Unreadable: there is none.
    """
    if isinstance(tree, list):
        return tree
    if not isinstance(tree, dict):
        raise Unreadable(f"expected a list, got {kind_of(tree)}")
    known = folded(tree)
    for key in reading.envelope:
        inner = known.get(key)
        if isinstance(inner, list):
            return inner
        if isinstance(inner, dict):
            return rows_in(inner, reading)
    if reading.identifier in known:
        return [tree]
    raise Unreadable(words_of(tree).text or "expected a list, got an object")


def read_rows(rows: list[object], reading: Reading, first: int = 1) -> tuple[Any, ...]:
    """Read every row; `first` is the position of the first one, for rows without identifier.

    Raises:
        Unreadable: there are rows, and none can be read; or there are more than anybody can look at.
    """
    check_count(rows)
    ids = [identifier_in(row, reading.identifier) for row in rows]
    counts = Counter(map(_same, ids))
    seen: Counter[str] = Counter()
    items, problems = [], []
    for position, (row, known_id) in enumerate(zip(rows, ids, strict=True), first):
        item, problem = _read_one(row, known_id, position, reading)
        problems += [problem] if problem else []
        if known_id is not None and counts[_same(known_id)] > 1:
            seen[_same(known_id)] += 1
            item = _doubled(item, known_id, seen[_same(known_id)], problem)
        items.append(item)
    if rows and len(problems) == len(rows):
        raise Unreadable(f"none of {len(rows)} rows can be read: {problems[0]}")
    return tuple(items)


def check_count(rows: list[object]) -> None:
    """Let a list pass that is not longer than any list is.

    Raises:
        Unreadable: it is.
    """
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"{len(rows)} rows came, more than the {MOST_ROWS} that are read")


def read_again(
    rows: list[object], reading: Reading, first: int, known: Sequence[Any]
) -> tuple[Any, ...]:
    """As `read_rows`; what says what it said in `known`, a row or all of them, is the very same object.

    Raises:
        Unreadable: as `read_rows`.
    """
    before = {item.id: item for item in known}
    items = read_rows(rows, reading, first)
    items = tuple(old if (old := before.get(item.id)) == item else item for item in items)
    is_as_before = len(items) == len(known) and all(map(is_, items, known))
    return tuple(known) if is_as_before else items


def read_one(tree: object, reading: Reading) -> Any:
    """Read an answer that is one row.

    Raises:
        Unreadable: it is none, several, or cannot be read.
    """
    rows = rows_in(tree, reading)
    if len(rows) != 1:
        raise Unreadable(f"expected one row, got {len(rows)}")
    return read_rows(rows, reading)[0]


def _read_one(row: object, known_id: str | None, position: int, reading: Reading) -> tuple[Any, str]:
    raw: Raw = row if isinstance(row, dict) else {"": row}
    if known_id is None:
        return _broken(reading, f"#{position}", "no usable identifier", raw)
    try:
        return reading.read(row, raw), ""
    except Unreadable as problem:
        return _broken(reading, known_id, short(str(problem)), raw)


def _same(known_id: str | None) -> str:
    """What two spellings of one identifier have in common."""
    return "" if known_id is None else known_id.strip("{}").lower()


def _doubled(item: Any, known_id: str, number: int, problem: str) -> Any:
    """A row that shares its identifier, with all that it says; only the first keeps it as its own."""
    known_as = known_id if number == 1 else f"{known_id}#{number}"
    problem = "; ".join(filter(None, ("the same identifier as another row", problem)))
    return replace(item, id=known_as, problem=problem, doubled=True)


def _broken(reading: Reading, known_id: str, problem: str, raw: Raw) -> tuple[Any, str]:
    return reading.broken(known_id, problem, raw), problem


def identifier_in(row: object, key: str) -> str | None:
    """The row's identifier if it can safely stand in a path, or None."""
    if not isinstance(row, dict):
        return None
    value = folded(row).get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value) if not isinstance(value, int) or abs(value) < 10**18 else ""
    return text if SAFE_ID.fullmatch(text) else None


def interval(text: str | None) -> Interval:
    """Read an interval; one beyond every measure is kept as text."""
    try:
        return Interval.read(text)
    except (ValueError, OverflowError):
        return Interval(text)


def moment(text: str | None) -> Moment:
    """Read a time."""
    return Moment.read(text)
