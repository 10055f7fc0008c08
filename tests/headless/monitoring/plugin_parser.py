"""A strict reader of plugin output, by the guidelines: whatever it does not accept is an error.

Source: Monitoring Plugins Development Guidelines; Nagios plugin API (several lines).
"""

import re
from dataclasses import dataclass

from tests.drivers.command import Finished

CODES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
_FIRST = re.compile(r"ERPSYNC (OK|WARNING|CRITICAL|UNKNOWN) - \S.*")
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = rf"@?(?:~|{_NUMBER})?:?(?:{_NUMBER})?"
_PERF = re.compile(
    rf"('[^'=|]+'|[^\s'=|]+)=({_NUMBER})(s|%|B|c)?"
    rf"(?:;({_RANGE})(?:;({_RANGE})(?:;({_NUMBER})?(?:;({_NUMBER})?)?)?)?)?(?: |$)"
)
_HOSTILE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Parsed:
    code: int
    first: str
    problems: tuple[str, ...]
    perf: dict[str, str]
    """The value with its unit, by label without quotes."""


def parsed(done: Finished) -> Parsed:
    """What a check printed; asserts that a monitoring system reads it as it is meant."""
    assert done.err == ""
    assert done.out.endswith("\n")
    assert _HOSTILE.search(done.out) is None, done.out
    text, bar, perf = done.out.removesuffix("\n").partition("|")
    assert "|" not in perf, done.out
    assert "\n" not in perf, done.out
    first, *problems = text.splitlines()
    match = _FIRST.fullmatch(first.rstrip())
    assert match, first
    assert CODES[match[1]] == done.code, (first, done.code)
    assert all(line.strip() for line in problems), done.out
    assert len(problems) <= 20
    assert max(map(len, text.splitlines())) < 500
    values = _perf(perf.removeprefix(" ")) if bar else {}
    assert bool(bar) == bool(values), done.out
    return Parsed(done.code, first.rstrip(), tuple(line.rstrip() for line in problems), values)


def _perf(text: str) -> dict[str, str]:
    found, place = {}, 0
    while place < len(text):
        match = _PERF.match(text, place)
        assert match, text[place:]
        label = match[1].strip("'")
        assert label not in found, label
        found[label] = match[2] + (match[3] or "")
        place = match.end()
    return found
