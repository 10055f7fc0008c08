"""The output of a monitoring plugin: one first line, at most 20 problem lines, performance data. Pure.

Source: Monitoring Plugins Development Guidelines (plugin output, performance data).
Invariants: the only `|` is the one before the performance data, also where the output replaces what
ASCII does not have; every text is on one line.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.ascii_fallback import in_ascii
from tui.domain.history.since import since_words
from tui.domain.monitoring.check_result import CheckResult, Code, Perf, Row, code_of, gravity, worst
from tui.domain.text import brief, clean, counted

if TYPE_CHECKING:
    from tui.domain.runbooks import Runbook

MOST_LINES = 20
_LONGEST_FIRST = 400
_LONGEST_NAME, _LONGEST_REASON = 80, 160
_LEAST_SHARE = 40
_BAR = "¦"


def plugin_text(results: Sequence[CheckResult], now: datetime, *, of_all: bool = False) -> str:
    """The whole output, without a final line break. `of_all`: each profile is named, also if it is the
    only one that has what was selected: labels must not change with the others."""
    code, line = first_line(results, now, of_all=of_all)
    lines = [f"ERPSYNC {code.name} - {line}", *_problem_lines(results, now, of_all=of_all)]
    perfdata = " ".join(_perf_texts(results, of_all=of_all))
    return "\n".join(lines) + (f" | {perfdata}" if perfdata else "")


def first_line(
    results: Sequence[CheckResult], now: datetime, *, of_all: bool = False
) -> tuple[Code, str]:
    """The code of all profiles together and the summary without its word."""
    code = worst(one.code for one in results)
    if not of_all:
        return code, _plain(_named(results[0]), _LONGEST_FIRST)
    bad = sorted((one for one in results if one.code), key=lambda one: gravity(one.code))
    whole = f"{counted(len(results), 'profile')} at {now:%H:%M:%S} UTC"
    head = f"{len(bad)} of {whole} not OK: " if bad else whole
    words = ". ".join(_named(one) for one in bad)
    if len(head + words) > _LONGEST_FIRST:
        # Every one has a line of its own, as far as there is room; here at least its name.
        share = (_LONGEST_FIRST - len(head)) // len(bad) - 2
        parts = (brief(_named(one), share) for one in bad)
        words = ". ".join(parts) if share >= _LEAST_SHARE else ", ".join(one.profile for one in bad)
    return code, _plain(head + words, _LONGEST_FIRST)


def _named(result: CheckResult) -> str:
    return _with(result.profile, result.summary)


def _problem_lines(results: Sequence[CheckResult], now: datetime, *, of_all: bool) -> Iterator[str]:
    """Below the first problem that it speaks of stands what the team wrote about it. Of several profiles
    comes first what failed, then the worst of each: a noisy one must not hide a dead one."""
    found: list[tuple[tuple[int, int], str, tuple[Runbook, ...]]] = []
    for one in results:
        is_dead = of_all and bool(one.failures)
        if is_dead:
            said = "; ".join(dict.fromkeys(failure.text for failure in one.failures))
            found.append(((0, gravity(one.code)), _plain(_with(one.profile, said), _LONGEST_FIRST), ()))
        for number, row in enumerate(one.problems):
            is_second = of_all and bool(number or is_dead)
            place = (1 + is_second, gravity(code_of(row.verdict)))
            found.append((place, _problem_line(one.profile if of_all else "", row, now), row.runbooks))
    lines: list[tuple[str, int]] = []
    said_before: set[Runbook] = set()
    for _, line, runbooks in sorted(found, key=lambda one: one[0]):
        lines.append((line, 1))
        lines += [
            (_plain(f"team: {one.line}", _LONGEST_FIRST), 0)
            for one in runbooks
            if one not in said_before
        ]
        said_before.update(runbooks)
    shown = lines if len(lines) <= MOST_LINES else lines[: MOST_LINES - 1]
    yield from (line for line, _ in shown)
    if more := sum(count for _, count in lines[len(shown) :]):
        yield f"and {more:,} more"


def _with(profile: str, text: str) -> str:
    return f"{profile}: {text}" if profile else text


def _problem_line(profile: str, row: Row, now: datetime) -> str:
    reason = brief(row.reason, _LONGEST_REASON) if row.reason != row.verdict.word else ""
    parts = (profile, row.verdict.word, brief(row.name, _LONGEST_NAME), reason)
    since = f" ({since_words(row.since, now)})" if row.since is not None else ""
    return _plain(": ".join(filter(None, parts)), _LONGEST_FIRST) + since


def _perf_texts(results: Sequence[CheckResult], *, of_all: bool) -> Iterator[str]:
    """`label=value[unit];warn;crit;min;max`; of all profiles `profile::label`: see check_multi."""
    for result in results:
        for label, perf in result.perfdata.items():
            yield f"{_label(f'{result.profile}::{label}' if of_all else label)}={_value(perf)}"


def _label(text: str) -> str:
    """In quotes where it has a blank or another letter than those of ASCII."""
    text = _plain(text, _LONGEST_NAME).replace("'", "").replace("=", "")
    is_bare = text.isascii() and " " not in text
    return text if is_bare else f"'{text}'"


def _value(perf: Perf) -> str:
    limits = f"{perf.warn};{perf.critical};{perf.least};{perf.most}"
    return f"{perf.value:.10g}{perf.unit};{limits}".rstrip(";")


def values_of(perfdata: Mapping[str, Perf]) -> dict[str, float]:
    return {label: perf.value for label, perf in perfdata.items()}


def _plain(text: str, most: int) -> str:
    """On one line, shortened, and without what is, or would become, a separator."""
    return "".join(_BAR if _is_bar(char) else char for char in brief(clean(text), most))


def _is_bar(char: str) -> bool:
    return in_ascii(char, lambda _: 1) == "|"
