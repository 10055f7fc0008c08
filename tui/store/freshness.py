"""How fresh a topic is, for the chip in the header. Pure.

Invariant: while the last request failed, the chip never says live. Its text changes rarely, because ages
are shown in steps.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from tui.domain.text import one_line
from tui.frozen import frozen
from tui.store.snapshot import Snapshot

if TYPE_CHECKING:
    from tui.api.errors import ErpError

_DAY = 86_400
_STEPS = (15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, _DAY)
_LONGEST_CAUSE = 48
_LEAST_WAIT = 10.0
"""Seconds without a response before that is said, however short the interval."""


class FreshnessKind(StrEnum):
    """The chip's kind, also its style class; the worst first."""

    NO_DATA = "no-data"
    STALE = "stale"
    WAITING = "waiting"
    PAUSED = "paused"
    DATED = "dated"
    """Data that is requested only on demand."""
    LIVE = "live"
    ABSENT = "absent"


@frozen
class Freshness:
    kind: FreshnessKind
    text: str
    """`live`, `read 4m ago`, `stale 2m: cause`, `no response for 2m`, `paused`, `no data: cause`,
    `asking…`, or `not configured`."""
    step: int = 0
    """Seconds: the age step of stale data, also while paused."""
    trusted: bool = True
    """False if the display may not be current: stale, no data, or paused with either."""


def freshness(
    snapshot: Snapshot[object],
    every: float,
    now: datetime,
    paused: bool,
    elapsed: float | None = None,
) -> Freshness:
    """Judge `snapshot`, polled every `every` seconds, at `now` by our clock; infinite: on demand.

    `elapsed`: now by the clock that nobody can set, which is used if the snapshot has a time of it.
    """
    from tui.api.errors import Absent

    if isinstance(snapshot.error, Absent):
        return Freshness(FreshnessKind.ABSENT, "not configured")
    judged = _judged(snapshot, every, now, elapsed)
    stops = paused and every < inf
    return replace(judged, kind=FreshnessKind.PAUSED, text="paused") if stops else judged


def age_of(snapshot: Snapshot[object], now: datetime, elapsed: float | None) -> float | None:
    """Seconds since `snapshot` was confirmed; None: never."""
    if elapsed is not None and snapshot.heard is not None:
        return elapsed - snapshot.heard
    return None if snapshot.fetched_at is None else (now - snapshot.fetched_at).total_seconds()


def _judged(snapshot: Snapshot[object], every: float, now: datetime, elapsed: float | None) -> Freshness:
    if snapshot.fetched_at is None:
        if snapshot.error is None:
            return Freshness(FreshnessKind.WAITING, "asking…", trusted=False)
        message = f"no data: {cause(snapshot.error)}"
        return Freshness(FreshnessKind.NO_DATA, message, trusted=False)
    age = age_of(snapshot, now, elapsed) or 0.0
    if snapshot.error is not None:
        return _stale(age, cause(snapshot.error))
    if every == inf:
        from tui.domain.timestamps import ago_text

        return Freshness(FreshnessKind.DATED, f"read {ago_text(max(0.0, age))}")
    # A slow server is not a stale one: the time of its responses is not a delay.
    if age > max(2 * every, _LEAST_WAIT, every + 3 * (snapshot.took or 0)):
        return _stale(age, "")
    return Freshness(FreshnessKind.LIVE, "live")


def _stale(age: float, why: str) -> Freshness:
    from tui.domain.timestamps import age_text

    reached = bisect_right(_STEPS, age)
    step = _STEPS[max(0, reached - 1)]
    if age >= _DAY:
        step = int(age // _DAY) * _DAY
    reached_text = age_text(step) if reached else f"<{age_text(_STEPS[0])}"
    waited = reached_text if reached else f"{_LEAST_WAIT:.0f}s"
    text = f"stale {reached_text}: {why}" if why else f"no response for {waited}"
    return Freshness(FreshnessKind.STALE, text, step, trusted=False)


def cause(error: "ErpError") -> str:
    """The failure's sentence on one line, short enough for the header."""
    from tui.api.errors import is_about_credentials

    if is_about_credentials(error):
        return "no credentials" if error.status is None else "login refused"
    sentence = one_line(error.sentence)
    return sentence if len(sentence) <= _LONGEST_CAUSE else sentence[: _LONGEST_CAUSE - 1].rstrip() + "…"


def worst(chips: Iterable[Freshness]) -> Freshness:
    """The one that matters most to an operator; absent if there is none."""
    worst_first = list(FreshnessKind)
    return min(
        chips,
        key=lambda chip: (worst_first.index(chip.kind), chip.trusted, -chip.step),
        default=Freshness(FreshnessKind.ABSENT, "not configured"),
    )
