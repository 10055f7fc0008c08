"""What an option of a sync takes, by its type's name. Pure. Source: jtl-erp-api §1.2, §1.4."""

from tui.domain.secrecy import looks_secret
from tui.domain.text import cited
from tui.domain.workers import WorkerOption

INT_TYPES = frozenset({"int", "integer", "int32", "int64", "long"})
BOOL_TYPES = frozenset({"bool", "boolean"})
TEXT_TYPES = frozenset({"string", "text"})
CANNOT_BE_SHOWN = "cannot be changed here: its text holds what a terminal cannot show, or is too long"


def is_bool(option: WorkerOption) -> bool:
    """Whether it is on or off."""
    return option.type_name.lower() in BOOL_TYPES


def is_secret(option: WorkerOption) -> bool:
    """Whether its value may be a secret; a switch holds none."""
    return not is_bool(option) and (looks_secret(option.name) or looks_secret(option.id))


def is_known(option: WorkerOption) -> bool:
    """Whether its type is one that we know; any other is sent as text."""
    return option.type_name.lower() in TEXT_TYPES | INT_TYPES | BOOL_TYPES


def wrong_value(option: WorkerOption, text: str) -> str | None:
    """What is wrong with `text` as a new value of `option`, or None."""
    if option.altered:
        return CANNOT_BE_SHOWN
    if option.required and not text.strip():
        return f"{option.name or option.id} is required"
    type_name = option.type_name.lower()
    if type_name in INT_TYPES:
        problem = wrong_number(text)
        # A field that masks a value must not show it below.
        return "the value is not a whole number" if problem and is_secret(option) else problem
    return wrong_bool(text) if type_name in BOOL_TYPES else None


def wrong_number(text: str) -> str | None:
    """What is wrong with a whole number, or None."""
    number = text.removeprefix("-")
    right = number.isascii() and number.isdecimal()
    return None if right else f"{cited(text)} is no whole number: write 42"


def wrong_bool(text: str) -> str | None:
    """What is wrong with a yes or no, or None."""
    return None if text in ("true", "false") else f"{cited(text)} is neither true nor false"
