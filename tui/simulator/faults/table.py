"""Faults: what goes wrong on purpose, for which requests, how often.

Written `REGEX=KIND[:ARG][*COUNT]`; REGEX is searched in `METHOD /path`, the last `=` divides.
The first fault in order that matches is used; without COUNT it stays until it is removed.

What the client sees of each kind: `docs/simulator.md`. A quirk has its number in jtl PROTOCOL §7; three
more (§10): 15 does not support the version, in the older form, 16 the same in German, 17 requires an API
version in a header, where the request has none. Quirk 9 is about the client; 12 and what else the sheets
tell is how the simulator always is.
"""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

QUIRKS = frozenset({"1", "2", "3", "4", "5", "6", "7", "8", "10", "11", "13", "14", "15", "16", "17"})


def _is_status(arg: str) -> bool:
    return re.fullmatch(r"[2-5]\d\d(,\d{1,6})?", arg, re.ASCII) is not None


def _is_number(arg: str) -> bool:
    return re.fullmatch(r"\d{1,6}(\.\d{1,6})?", arg, re.ASCII) is not None


def _is_object(arg: str) -> bool:
    with suppress(ValueError):
        return isinstance(json.loads(arg), dict)
    return False


_Argument: TypeAlias = tuple[str, Callable[[str], object]]
_NO_ARG: _Argument = ("nothing", lambda arg: not arg)
_MAYBE_STATUS: _Argument = ("nothing or a status", lambda arg: not arg or _is_status(arg))
KINDS: dict[str, _Argument] = {
    "status": ("a status such as 503, or 429,7 for Retry-After: 7", _is_status),
    "forbidden": _NO_ARG,
    "expired": _NO_ARG,
    "echo": _MAYBE_STATUS,
    "421": _NO_ARG,
    "html": _MAYBE_STATUS,
    "redirect-login": _NO_ARG,
    "null": _NO_ARG,
    "empty": _NO_ARG,
    "message": ("nothing or a text", lambda _: True),
    "broken-json": _NO_ARG,
    "slow": ("seconds", _is_number),
    "hang": _NO_ARG,
    "reset": _NO_ARG,
    "lost": _NO_ARG,
    "truncated": _NO_ARG,
    "oversized": ("nothing or megabytes", lambda arg: not arg or _is_number(arg)),
    "wrong-types": _NO_ARG,
    "one-bad-row": _NO_ARG,
    "hostile": ("nothing or all", lambda arg: arg in ("", "all")),
    "interval-text": ("a text", bool),
    "last-sync": ("a text", bool),
    "large-log": ("nothing or seconds", lambda arg: not arg or _is_number(arg)),
    "raw": ("a JSON object with status, body, ctype", _is_object),
    "quirk": ("one of " + ", ".join(sorted(QUIRKS, key=int)), QUIRKS.__contains__),
}
"""Kind → what its argument is, and whether an argument is that."""


@dataclass(slots=True)
class Fault:
    match: re.Pattern[str]
    kind: str
    arg: str = ""
    left: int | None = None
    """How many more requests; None: all."""

    def described(self) -> dict[str, object]:
        return {"match": self.match.pattern, "kind": self.kind, "arg": self.arg, "count": self.left}


def parse_fault(text: str) -> Fault:
    """Read `REGEX=KIND[:ARG][*COUNT]`.

    Raises ValueError: with a sentence that says what would be right.
    """
    match, equals, effect = text.rpartition("=")
    if not equals or not match:
        raise ValueError(f"fault {text!r} is not of the form REGEX=KIND[:ARG][*COUNT]")
    counted = re.fullmatch(r"(?P<effect>.*)\*(?P<count>\d{1,9})", effect)
    kind, _, arg = (counted["effect"] if counted else effect).partition(":")
    return make_fault(match, kind, arg, int(counted["count"]) if counted else None)


def make_fault(match: str, kind: str, arg: str = "", count: int | None = None) -> Fault:
    """A fault from its parts. Raises ValueError: with a sentence that says what would be right."""
    if kind not in KINDS:
        raise ValueError(f"unknown fault kind {kind!r}; known: {', '.join(KINDS)}")
    wanted, fits = KINDS[kind]
    if not fits(arg):
        raise ValueError(f"fault kind {kind} takes {wanted}, not {arg!r}")
    try:
        pattern = re.compile(match)
    except re.error as error:
        raise ValueError(f"fault pattern {match!r} is no regular expression: {error}") from None
    return Fault(pattern, kind, arg, count)


def take(faults: Iterable[Fault], method: str, path: str) -> Fault | None:
    """The fault that this request gets; it has one request less to go."""
    for fault in faults:
        if fault.left != 0 and fault.match.search(f"{method} {path}"):
            fault.left = None if fault.left is None else fault.left - 1
            return fault
    return None
