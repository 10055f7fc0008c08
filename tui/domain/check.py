"""The results of `syncdeck doctor`: one check per line, with its verdict and its remedy. Pure.

Invariant: neither finding nor remedy contains a secret, so that all of it can go into a ticket.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from tui.frozen import frozen

MOST_OFFSET = 30.0
"""Seconds that two clocks may differ before ages and deadlines mislead."""
SLOW = 2.0
"""Seconds from which a read is too slow for smooth work."""
MOST_A_MINUTE = 60
"""Requests per minute that one console may send to a system, at the defaults."""


class Grade(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


class Trouble(StrEnum):
    """The kind of problem behind a check; it decides the exit code."""

    ATTENTION = "attention"
    CONFIGURATION = "configuration"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    BAD_ANSWER = "bad_answer"


@frozen
class Check:
    name: str
    grade: Grade
    finding: str
    """What was found, in words, without a full stop."""
    remedy: str = ""
    """What to do; empty if nothing is needed."""
    trouble: Trouble | None = None
    """None if nothing is wrong, or nothing was checked."""


@frozen
class Section:
    area: str
    """For scripts: `terminal`, `files`, `jtl` or `superoffice`."""
    title: str
    checks: tuple[Check, ...]


def ok(name: str, finding: str) -> Check:
    return Check(name, Grade.OK, finding)


def warn(name: str, finding: str, remedy: str) -> Check:
    return Check(name, Grade.WARN, finding, remedy, Trouble.ATTENTION)


def fail(name: str, finding: str, remedy: str, trouble: Trouble = Trouble.ATTENTION) -> Check:
    return Check(name, Grade.FAIL, finding, remedy, trouble)


def skipped(name: str, finding: str) -> Check:
    """It was not checked; the finding says why."""
    return Check(name, Grade.SKIPPED, finding)


def summary(checks: Iterable[Check]) -> str:
    """`2 fail · 1 warn · 20 ok · 1 skipped`, the worst first; leaves out zero counts."""
    counts = dict.fromkeys((Grade.FAIL, Grade.WARN, Grade.OK, Grade.SKIPPED), 0)
    for check in checks:
        counts[check.grade] += 1
    return " · ".join(f"{count} {grade}" for grade, count in counts.items() if count)


def clock(offset: float | None) -> Check:
    """`offset`: seconds that the server's clock is ahead of ours; None: no response was dated."""
    if offset is None:
        return skipped("clock", "not known: no response reported the server's time")
    if abs(offset) <= MOST_OFFSET:
        return ok("clock", f"{abs(offset):.0f} s apart")
    side = "ahead of" if offset > 0 else "behind"
    remedy = "Compare both with a third clock (timedatectl shows ours), and set the wrong one"
    return warn("clock", f"the server's is {abs(offset):.0f} s {side} ours", remedy)


def latency(seconds: Sequence[float]) -> Check:
    """Durations of reads, in sequence on an open connection."""
    if not seconds:
        return skipped("latency", "not measured: nothing responded")
    from statistics import median

    middle = median(seconds)
    spread = f"{min(seconds) * 1000:.0f}–{max(seconds) * 1000:.0f} ms"
    finding = f"{middle * 1000:.0f} ms, the median of {len(seconds)} reads ({spread})"
    if middle < SLOW:
        return ok("latency", finding)
    return warn("latency", finding, "Check the server's load, and the network connection to it")


def request_rate(every: Mapping[str, float], requests: Mapping[str, int]) -> Check:
    """How often a console that shows everything polls one system.

    `every` has the seconds between two polls by topic; `requests` how many requests one poll needs if
    not one: a long list comes in pages. The rate is an average: each wait varies by up to a tenth.
    """
    rates = {topic: 60 / seconds * requests.get(topic, 1) for topic, seconds in every.items()}
    total = sum(rates.values())
    parts = ", ".join(f"{topic} {rate:.3g}" for topic, rate in rates.items())
    finding = f"about {total:.3g} a minute: {parts}"
    if total <= MOST_A_MINUTE:
        return ok("request rate", finding)
    gravest = max(rates, key=lambda topic: rates[topic])
    remedy = f"Raise {gravest} in the profile's [refresh], so that it stays below {MOST_A_MINUTE}"
    return warn("request rate", finding, remedy)
