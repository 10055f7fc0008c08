r"""Faults: what goes wrong on purpose, for which requests, how often.

Written `REGEX=KIND[:ARG][*COUNT]`; REGEX is searched in `METHOD /path`, the last `=` divides.
The first fault in order that matches is used; without COUNT it stays until it is removed.

| kind | arg | what the client sees |
| --- | --- | --- |
| `status` | CODE or CODE,SECONDS | that status with the system's own error body; SECONDS: Retry-After |
| `forbidden` | – | 403 with the system's own error body, naming the missing scope or access |
| `expired` | – | every issued token ends now; this request gets 401 |
| `echo` | CODE (400) | that status with the login that was sent, repeated in every text |
| `421` | – | the tenant is served by another subdomain |
| `html` | CODE (200) | a gateway's HTML page |
| `redirect-login` | – | 302 to an HTML login page |
| `null`, `empty` | – | 200 with `null`; 200 with no body at all |
| `message` | TEXT | 200 `{"Message", "MessageDetail"}` |
| `broken-json` | – | 200, JSON that ends in the middle |
| `slow` | SECONDS | the right answer, late |
| `hang` | – | nothing, for as long as the client waits |
| `reset` | – | the connection is reset, nothing was carried out |
| `lost` | – | the request is carried out, then the connection is reset |
| `truncated` | – | half of the body that Content-Length announces, then the end |
| `oversized` | MB (64) | an endless-looking body without length |
| `wrong-types` | – | the right shape, every value of another type |
| `one-bad-row` | – | one row of a list with values of wrong types, its identifier kept |
| `hostile` | – or `all` | escape sequences, C0, C1, bidi, markup, very long text; `all`: in times too |
| `interval-text` | TEXT | that text as `Interval`, wherever there is one |
| `last-sync` | TEXT | that text as `LastSync`, wherever there is one |
| `large-log` | – or SECONDS (25) | 500,000 rows of change log; that long to order without an index |
| `raw` | JSON | that answer: `{"status", "body", "ctype"}`; a body that is text goes out unchanged |
| `quirk` | 1–8, 10, 11, 13, 14 | the quirk of that number in jtl PROTOCOL §7 |
| `quirk` | 15, 16 | the version is not supported, the older form (jtl PROTOCOL §10); in German |
| `quirk` | 17 | an API version is required in a header (jtl PROTOCOL §10), where the request has none |

Quirk 9 is about the client; 12 and what else the sheets tell is how the simulator always is.
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
        """As the control route tells it."""
        return {"match": self.match.pattern, "kind": self.kind, "arg": self.arg, "count": self.left}


def parse_fault(text: str) -> Fault:
    """Read `REGEX=KIND[:ARG][*COUNT]`.

    Raises:
        ValueError: with a sentence that says what would be right.
    """
    match, equals, effect = text.rpartition("=")
    if not equals or not match:
        raise ValueError(f"fault {text!r} is not of the form REGEX=KIND[:ARG][*COUNT]")
    counted = re.fullmatch(r"(?P<effect>.*)\*(?P<count>\d{1,9})", effect)
    kind, _, arg = (counted["effect"] if counted else effect).partition(":")
    return make_fault(match, kind, arg, int(counted["count"]) if counted else None)


def make_fault(match: str, kind: str, arg: str = "", count: int | None = None) -> Fault:
    """A fault from its parts.

    Raises:
        ValueError: with a sentence that says what would be right.
    """
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
