"""Reads rows of any server: keys in any case, lenient where the meaning is clear, never inventing
values.

One unreadable row does not affect the others: it comes out with its identifier and its problem. The
response itself is bad only if no row can be read.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import is_
from typing import Annotated, Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from tui.api.error_body import folded, short, words_of
from tui.domain.jtl.workers import Raw
from tui.frozen import frozen

T = TypeVar("T")
SAFE_ID = re.compile(r"[A-Za-z0-9{][A-Za-z0-9._:{}~-]{0,127}")
"""An identifier that can stand in a path and has no special meaning there."""
MOST_ROWS = 100_000
"""Maximum rows of one response; the longest known lists have a tenth of it."""


class Unreadable(ValueError):
    """Nothing in the response can be read; the message says why."""


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


def as_text(value: object) -> str | None:
    """Text; numbers and booleans in their JSON form."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    raise _unexpected("text", value)


def as_any_text(value: object) -> str | None:
    """As `as_text`; an object or a list as JSON, so that it spoils nothing beside it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else as_text(value)


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
    """A finite number; None for one that is not finite."""
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
AnyText = Annotated[str | None, BeforeValidator(as_any_text)]
Whole = Annotated[int | None, BeforeValidator(as_whole)]
Number = Annotated[float | None, BeforeValidator(as_number)]
Truth = Annotated[bool | None, BeforeValidator(as_truth)]
Rows = Annotated[list[T], BeforeValidator(_or_empty)]


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


class Row(BaseModel):
    """A server's row: its keys are read in any case, absent ones stay None."""

    model_config = ConfigDict(
        frozen=True, hide_input_in_errors=True, alias_generator=_pascal, defer_build=True
    )

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

    Raises Unreadable: `Interval: expected text, got a list`, in the protocol's spelling.
    """
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        raise Unreadable(_first(problem)) from None


def _first(problem: ValidationError) -> str:
    error = problem.errors(include_url=False, include_input=False)[0]
    place = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in error["loc"])
    cause: Any = error.get("ctx", {}).get("error")
    why = str(cause) if cause is not None else _plain(error["type"], error["msg"])
    return f"{place}: {why}" if place else why


def _plain(kind: str, message: str) -> str:
    return {"list_type": "expected a list", "missing": "missing"}.get(kind, message.lower())


@frozen
class RowSchema(Generic[T]):
    """How to read rows of one kind."""

    identifier: str
    """Its key, in lower case."""
    read: Callable[[object, Raw], T]
    """(row, raw) → domain object; raises `Unreadable`."""
    broken: Callable[[str, str, Raw], T]
    """(identifier, problem, raw) → a domain object with that problem."""
    envelope: Sequence[str] = ()
    """Keys, in lower case, that may hold the list (jtl PROTOCOL §7, quirk 8)."""


def rows_in(tree: object, reading: RowSchema[Any]) -> list[object]:
    """Find the list in a response: bare, in an envelope, or a single row.

    Raises Unreadable: there is none.
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


def read_rows(rows: list[object], reading: RowSchema[T], first: int = 1) -> tuple[T, ...]:
    """Read every row; `first` is the position of the first one, for rows without identifier.

    Raises Unreadable: as `read_each`.
    """
    ids = [identifier_in(row, reading.identifier) for row in rows]

    def read(row: object, place: int) -> Any:
        if ids[place - first] is None:
            raise Unreadable("no usable identifier")
        return reading.read(row, raw_of(row))

    def broken(row: object, place: int, problem: str) -> Any:
        return reading.broken(ids[place - first] or f"#{place}", problem, raw_of(row))

    items: tuple[Any, ...] = read_each(rows, read, broken, first)
    counts, seen = Counter(map(same_id, ids)), Counter[str]()
    result = []
    for item, known_id in zip(items, ids, strict=True):
        same = same_id(known_id)
        seen[same] += 1
        is_shared = known_id is not None and counts[same] > 1
        result.append(_doubled(item, known_id, seen[same]) if is_shared else item)
    return tuple(result)


def read_again(
    rows: list[object], reading: RowSchema[T], first: int, known: Sequence[Any]
) -> tuple[T, ...]:
    """As `read_rows`; a row, or the whole tuple, that equals the one in `known` keeps its object.

    Raises Unreadable: as `read_rows`.
    """
    before = {item.id: item for item in known}
    items: tuple[Any, ...] = read_rows(rows, reading, first)
    items = tuple(old if (old := before.get(item.id)) == item else item for item in items)
    is_as_before = len(items) == len(known) and all(map(is_, items, known))
    return tuple(known) if is_as_before else items


def read_one(tree: object, reading: RowSchema[T]) -> T:
    """Read a response that is one row.

    Raises Unreadable: it is not a row, has several rows, or cannot be read.
    """
    rows = rows_in(tree, reading)
    if len(rows) != 1:
        raise Unreadable(f"expected one row, got {len(rows)}")
    return read_rows(rows, reading)[0]


def raw_of(row: object) -> Raw:
    """The row for the raw view."""
    return row if isinstance(row, dict) else {"": row}


def same_id(known_id: str | None) -> str:
    """The common form of an identifier's spellings."""
    return "" if known_id is None else known_id.strip("{}").lower()


def _doubled(item: Any, known_id: str | None, number: int) -> Any:
    """A row that shares its identifier, with all its values; only the first keeps the identifier."""
    known_as = known_id if number == 1 else f"{known_id}#{number}"
    problem = "; ".join(filter(None, ("the same identifier as another row", item.problem)))
    return replace(item, id=known_as, problem=problem, doubled=True)


def identifier_in(row: object, key: str) -> str | None:
    """The row's identifier if it can safely stand in a path, or None."""
    if not isinstance(row, dict):
        return None
    value = folded(row).get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value) if not isinstance(value, int) or abs(value) < 10**18 else ""
    return text if SAFE_ID.fullmatch(text) else None


class ReadRow(Protocol):
    """A row that says itself why it could not be read."""

    @property
    def problem(self) -> str | None:
        """None: it could be read."""
        ...


Item = TypeVar("Item", bound=ReadRow)


def list_of(tree: object) -> list[object]:
    """The list in a response.

    Raises Unreadable: it is not a list; with the server's message if it has one.
    """
    if isinstance(tree, list):
        return tree
    message = words_of(tree).text if isinstance(tree, Mapping) else ""
    raise Unreadable(message or f"expected a list, got {kind_of(tree)}")


def read_each(
    rows: list[object],
    read: Callable[[object, int], Item],
    broken: Callable[[object, int, str], Item],
    first: int = 1,
) -> tuple[Item, ...]:
    """Every row, as `read` makes it from the row and its position; the first one is at `first`.

    The one place of the rule that an unreadable row does not affect the others: where `read` raises
    `Unreadable`, `broken` makes the item from the row, its position and the problem.

    Raises Unreadable: there are rows, and none can be read; or there are more than `MOST_ROWS`.
    """
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"{len(rows)} rows came, more than the {MOST_ROWS} that are read")

    def item(row: object, position: int) -> Item:
        try:
            return read(row, position)
        except Unreadable as problem:
            return broken(row, position, short(str(problem)))

    items = tuple(item(row, position) for position, row in enumerate(rows, first))
    if items and all(item.problem for item in items):
        raise Unreadable(f"none of {len(items)} rows can be read: {items[0].problem}")
    return items
