"""Finds the line of a table or key in TOML text, for error sentences.

A scan, not a parser: `tomllib` has already parsed the text, so it is well formed.
"""

import re
from collections import Counter

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*({_KEY})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*({_KEY})[ \t]*=(.*)")
_PARTS = re.compile(_PART)
_MULTILINE = ('"""', "'''")


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The line (first is 1) that sets `path`, or the nearest table or key above it."""
    lines = index(text)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def index(text: str) -> dict[tuple[str, ...], int]:
    """The line of every table and key; for an implied table, the first line that implies it.

    Below an array of tables stands the number of the entry: `("runbook", "0", "when")`.
    """
    named: dict[tuple[str, ...], int] = {}
    entries: Counter[tuple[str, ...]] = Counter()
    table: tuple[str, ...] = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
        elif header := _HEADER.match(line):
            table = _parts(header[1])
            named.setdefault(table, number)
            if header[0].lstrip().startswith("[["):
                entries[table] += 1
                table = (*table, str(entries[table] - 1))
                named[table] = number
        elif assignment := _ASSIGNMENT.match(line):
            named.setdefault(table + _parts(assignment[1]), number)
            inside = _left_open(assignment[2])
    implied = {path[:n]: line for path, line in reversed(named.items()) for n in range(1, len(path))}
    return implied | named


def _parts(key: str) -> tuple[str, ...]:
    return tuple(_unquoted(part) for part in _PARTS.findall(key))


def _unquoted(part: str) -> str:
    if part.startswith('"') and "\\" in part:
        import tomllib

        return str(tomllib.loads(f"key = {part}")["key"])
    return part[1:-1] if part[0] in "\"'" else part


def _left_open(value: str) -> str:
    """The quotes of a multi-line text that starts in `value` and does not end there, or empty."""
    for quotes in _MULTILINE:
        if value.lstrip().startswith(quotes) and value.count(quotes) == 1:
            return quotes
    return ""
