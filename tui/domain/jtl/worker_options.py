"""Valid values of a sync's option, by its type's name. Pure. Source: jtl PROTOCOL §1.2, §1.4."""

import re

from tui.domain.jtl.workers import WorkerOption
from tui.domain.redaction import looks_secret
from tui.domain.text import cited

INT_TYPES = frozenset({"int", "integer", "int16", "int32", "int64", "short", "long", "byte"})
BOOL_TYPES = frozenset({"bool", "boolean"})
TEXT_TYPES = frozenset({"string", "text"})
CANNOT_BE_SHOWN = "cannot be changed here: a terminal cannot show its text, or it is too long"


_WRAPPED = re.compile(r"(?:system\.)?nullable(?:`1)?[\[<(]+([\w.]+)", re.ASCII)


def base_type(option: WorkerOption) -> str:
    """The type's plain name in lower case: `bool` for `System.Nullable`1[System.Boolean]` too, `""` if
    none was reported."""
    name = option.type_name.strip().lower()
    inner = _WRAPPED.match(name)
    name = (inner[1] if inner else name).removesuffix("?").removeprefix("system.")
    return "bool" if name in BOOL_TYPES else name


def _is_nullable(option: WorkerOption) -> bool:
    name = option.type_name.strip().lower()
    return name.endswith("?") or _WRAPPED.match(name) is not None


def is_bool(option: WorkerOption) -> bool:
    return base_type(option) == "bool"


def is_secret(option: WorkerOption) -> bool:
    """Whether its value may be a secret; an on/off option never is."""
    return not is_bool(option) and (looks_secret(option.name) or looks_secret(option.id))


def is_known(option: WorkerOption) -> bool:
    """Whether its type is known; a value of any other is sent as text."""
    return base_type(option) in TEXT_TYPES | INT_TYPES | BOOL_TYPES


def wrong_value(option: WorkerOption, text: str) -> str | None:
    """Why `text` is invalid as a new value of `option`, or None."""
    if option.altered:
        return CANNOT_BE_SHOWN
    if option.required and not text.strip():
        return f"{option.name or option.id} is required"
    if not text.strip() and _is_nullable(option):
        return None
    type_name = base_type(option)
    if type_name in INT_TYPES:
        problem = wrong_number(text)
        # A field that masks a value must not show it in the error.
        return "the value is not a whole number" if problem and is_secret(option) else problem
    return wrong_bool(text) if type_name in BOOL_TYPES else None


def wrong_number(text: str) -> str | None:
    """Why `text` is not a whole number, or None."""
    number = text.removeprefix("-")
    right = number.isascii() and number.isdecimal()
    return None if right else f"{cited(text)} is not a whole number: write 42"


def wrong_bool(text: str) -> str | None:
    """Why `text` is not a boolean, or None."""
    return None if text in ("true", "false") else f"{cited(text)} is neither true nor false"
