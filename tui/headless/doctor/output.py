"""Writes `doctor`'s results: one line per check, with the remedy below if one is needed; or one JSON
document. Everything is cleaned again here, because part of it comes from servers."""

import platform
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from textwrap import wrap

from tui import __version__
from tui.domain.check import Check, Grade, Section, summary
from tui.domain.timestamps import stamp
from tui.headless.output import json_text, line, masked_line, screen_width

_SIGNS = {Grade.OK: "✔", Grade.WARN: "▲", Grade.FAIL: "✖", Grade.SKIPPED: "·"}
_PLAIN_SIGNS = {Grade.OK: "+", Grade.WARN: "!", Grade.FAIL: "x", Grade.SKIPPED: "-"}
_ARROW, _PLAIN_ARROW = "→", "->"
_WORD, _NAME = 7, 19
_INDENT = " " * (3 + _WORD + 1 + _NAME + 1)
_LEAST = 20
"""Minimum columns of a finding, however narrow the screen is."""


def head(profile: str | None, now: datetime) -> str:
    """The first lines: the facts for a ticket."""
    first = (f"syncdeck {__version__}", f"profile {profile}" if profile else "", stamp(now))
    where = f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    return f"{' · '.join(line(part) for part in first if part)}\n{line(where)}"


def as_text(section: Section) -> str:
    shown = _can_show("".join(_SIGNS.values()) + _ARROW)
    signs, arrow = (_SIGNS, _ARROW) if shown else (_PLAIN_SIGNS, _PLAIN_ARROW)
    lines = [line(section.title)]
    for check in section.checks:
        lines += _lines(check, signs[check.grade], arrow)
    return "\n".join(lines)


def _lines(check: Check, sign: str, arrow: str) -> Iterator[str]:
    lead = f" {sign} {check.grade:{_WORD}} {line(check.name):{_NAME}} "
    first, *more = _folded(masked_line(check.finding))
    yield f"{lead}{first}"
    yield from (f"{_INDENT}{part}" for part in more)
    if check.remedy:
        first, *more = _folded(f"{arrow} {line(check.remedy)}")
        yield f"{_INDENT}{first}"
        yield from (f"{_INDENT}  {part}" for part in more)


def _folded(text: str) -> list[str]:
    """The text wrapped to the screen; on one line if stdout is not a terminal."""
    screen = screen_width()
    if screen is None:
        return [text]
    room = max(screen - len(_INDENT) - 2, _LEAST)
    return wrap(text, room, break_on_hyphens=False) or [""]


def _can_show(signs: str) -> bool:
    try:
        signs.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def tail(sections: Sequence[Section]) -> str:
    return summary(check for section in sections for check in section.checks)


def as_json(profile: str | None, sections: Sequence[Section], now: datetime) -> str:
    checks = [
        {
            "area": section.area,
            "name": line(check.name),
            "verdict": check.grade,
            "finding": masked_line(check.finding),
            "remedy": line(check.remedy) or None,
        }
        for section in sections
        for check in section.checks
    ]
    return json_text({"profile": profile, "version": __version__, "time": stamp(now), "checks": checks})
