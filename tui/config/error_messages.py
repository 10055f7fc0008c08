"""Turns validation errors of the model into sentences: one per problem, with file and line, no value."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tui.config.file import ConfigFile, nearest
from tui.config.model import TABLES, Config, RunbookTable, keys_of
from tui.domain.text import clean, one_line

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")
_WANTED = {
    "string_type": "text in quotes",
    "bool_type": "true or false, without quotes",
    "float_type": "a number",
    "finite_number": "a number",
    "string_pattern_mismatch": "the name of a group of this system",
    "int_type": "a whole number",
    "dataclass_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
    "path_type": "a path in quotes",
    "tuple_type": 'a list of filters, such as ["channel:Amazon", "engine"]',
    "too_short": "a list of at least one filter",
}


def sentences(file: ConfigFile, error: "ValidationError") -> tuple[str, ...]:
    """Every problem of `error`, in the order of the file's lines if known."""
    details = error.errors(include_url=False, include_input=False)
    unknown = [detail["loc"] for detail in details if detail["type"] in _UNKNOWN]
    return tuple(
        _sentence(file, detail)
        for detail in details
        if detail["type"] != "missing" or not any(_misspelt(loc, detail["loc"]) for loc in unknown)
    )


def _misspelt(unknown: tuple[int | str, ...], missing: tuple[int | str, ...]) -> bool:
    """Whether the unknown key is a misspelling of the missing one, which then needs no sentence."""
    return unknown[:-1] == missing[:-1] and bool(nearest(str(unknown[-1]), (str(missing[-1]),)))


def _sentence(file: ConfigFile, detail: "ErrorDetails") -> str:
    where = tuple(_written(file.tables, detail["loc"], missing=detail["type"] == "missing"))
    key = _shown(where[-1]) if where else "the file"
    if where == ("runbook",):
        return file.blame(where, "runbook: write [[runbook]], in double brackets, before each entry")
    entry = f"{_table(where[:2])}: " if where[:1] == ("runbook",) and detail["type"] != "missing" else ""
    key = "it" if len(where) == 2 and entry else key
    return file.blame(where, entry + _words(detail, where, key))


def _words(detail: "ErrorDetails", where: tuple[str, ...], key: str) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case known if known in _UNKNOWN:
            return f"unknown key {key!r}{_place_for(detail['loc'])}"
        case "missing":
            return f"{key!r} is missing in {_table(where[:-1])}"
        case "clear_secret":
            instead = f'{key} = {{ env = "{_variable(where)}" }}'
            return f"{key} is a secret in plain text, which is refused: write {instead}"
        case "union_tag_not_found":
            return f"{_table(where)} needs a type: {_types(where)}"
        case "union_tag_invalid":
            return f"type of {_table(where)} must be one of {_types(where)}"
        case "literal_error":
            return f"{key} must be one of {str(context['expected']).replace(chr(39), '')}"
        case "greater_than_equal":
            return f"{key} must be at least {context['ge']:g}"
        case "greater_than":
            return f"{key} must be more than {context['gt']:g}"
        case "less_than_equal":
            return f"{key} must be at most {context['le']:g}"
        case known if known in _WANTED:
            return f"{key} must be {_WANTED[known]}"
        case _:
            return f"{key}: {detail['msg']}"


def _written(tables: object, loc: tuple[int | str, ...], *, missing: bool) -> Iterator[str]:
    """The location as in the file: without the names of union members."""
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(tables, list) and loc[0] == "runbook":
            tables = dict(enumerate(tables))
        if isinstance(tables, Mapping) and part in tables:
            tables = tables[part]
            yield str(part)
        elif last and missing:
            yield str(part)


def _place_for(loc: tuple[int | str, ...]) -> str:
    """The key's right place, or the nearest known key, or all known keys."""
    *above, key = (str(part) for part in loc)
    if not above:
        known = tuple(Config.model_fields)
        return nearest(key, known) or f"; known here: {', '.join(known)}"
    # Below the global [history] as below that of a profile.
    below = ("history",) if above == ["history"] else tuple(above[2:])
    known = keys_of(TABLES[below]) if below in TABLES else ()
    known = keys_of(RunbookTable) if above[0] == "runbook" else known
    homes = [path for path, table in TABLES.items() if key in keys_of(table) and len(path) < 2]
    if homes and above[0] == "profiles":
        return f" here; it belongs in [{'.'.join((*above[:2], *homes[0]))}]"
    return nearest(key, known) or f"; known here: {', '.join(known)}"


def _variable(where: tuple[str, ...]) -> str:
    """A name for an environment variable: `ACME_JTL_CLIENT_SECRET`."""
    words = [part for part in where[1:] if part != "auth"]
    return "_".join(
        "".join(c if c.isascii() and c.isalnum() else "_" for c in word).upper() for word in words
    )


def _types(where: tuple[str, ...]) -> str:
    """The types of login of the system of the table `where`."""
    return ", ".join(path[-1] for path in TABLES if len(path) == 3 and path[:2] == where[2:4])


def _table(where: tuple[str, ...]) -> str:
    if where[:1] == ("runbook",) and len(where) == 2:
        return f"[[runbook]] {int(where[1]) + 1}"
    return f"[{'.'.join(_shown(part) for part in where)}]" if where else "the file"


def _shown(part: str) -> str:
    return one_line(clean(part))[:60]
