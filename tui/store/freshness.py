"""How fresh a topic is, as the chip in the header says it. Pure.

Invariant: while the last ask failed, the chip never says live. Its text changes rarely,
because ages are shown in steps.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from math import inf

from tui.api.errors import Absent, ErpError, is_about_credentials
from tui.domain.moments import age_text, ago_text
from tui.domain.text import one_line
from tui.store.snapshot import Snapshot

_DAY = 86_400
_STEPS = (15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, _DAY)
_LONGEST_CAUSE = 48


class FreshnessKind(StrEnum):
    """What the chip says, also its style class."""

    LIVE = "live"
    DATED = "dated"
    """Of something that is asked for on demand only."""
    STALE = "stale"
    PAUSED = "paused"
    NO_DATA = "no-data"
    ABSENT = "absent"
    WAITING = "waiting"


_WORST_FIRST = (
    FreshnessKind.NO_DATA,
    FreshnessKind.STALE,
    FreshnessKind.WAITING,
    FreshnessKind.PAUSED,
    FreshnessKind.DATED,
    FreshnessKind.LIVE,
    FreshnessKind.ABSENT,
)


@dataclass(frozen=True, slots=True)
class Freshness:
    """The chip."""

    kind: FreshnessKind
    text: str
    """`live`, `read 4m ago`, `stale 2m: cause`, `paused`, `no data: cause`, `asking…`, or
    `not configured`."""
    step: int = 0
    """Seconds: the step that a stale age has reached, also while paused."""
    trusted: bool = True
    """False where what is shown is not known to be current: stale, no data, or paused with either."""


def freshness(
    snapshot: Snapshot[object],
    every: float,
    now: datetime,
    paused: bool,
    elapsed: float | None = None,
) -> Freshness:
    """Judge `snapshot`, asked for every `every` seconds, at `now` by our clock; infinite: on demand.

    `elapsed`: now by the clock that is never set, by which it is judged where it was heard by that.
    """
    if isinstance(snapshot.error, Absent):
        return Freshness(FreshnessKind.ABSENT, "not configured")
    judged = _judged(snapshot, every, now, elapsed)
    stops = paused and every < inf
    return replace(judged, kind=FreshnessKind.PAUSED, text="paused") if stops else judged


def age_of(snapshot: Snapshot[object], now: datetime, elapsed: float | None) -> float | None:
    """Seconds since `snapshot` was confirmed; None: it never was."""
    if elapsed is not None and snapshot.heard is not None:
        return elapsed - snapshot.heard
    return None if snapshot.fetched_at is None else (now - snapshot.fetched_at).total_seconds()


def _judged(snapshot: Snapshot[object], every: float, now: datetime, elapsed: float | None) -> Freshness:
    if snapshot.fetched_at is None:
        if snapshot.error is None:
            return Freshness(FreshnessKind.WAITING, "asking…", trusted=False)
        said = f"no data: {cause(snapshot.error)}"
        return Freshness(FreshnessKind.NO_DATA, said, trusted=False)
    age = age_of(snapshot, now, elapsed) or 0.0
    if snapshot.error is not None:
        return _stale(age, cause(snapshot.error))
    if every == inf:
        return Freshness(FreshnessKind.DATED, f"read {ago_text(max(0.0, age))}")
    # A slow server is not a stale one: the time that an answer takes is no delay of ours.
    if age > 2 * every + (snapshot.took or 0):
        return _stale(age, "no answer yet")
    return Freshness(FreshnessKind.LIVE, "live")


def _stale(age: float, why: str) -> Freshness:
    reached = bisect_right(_STEPS, age)
    step = _STEPS[max(0, reached - 1)]
    if age >= _DAY:
        step = int(age // _DAY) * _DAY
    told = age_text(step) if reached else f"under {age_text(_STEPS[0])}"
    return Freshness(FreshnessKind.STALE, f"stale {told}: {why}", step, trusted=False)


def cause(error: ErpError) -> str:
    """The failure's sentence on one line, short enough for the header; of a login the word for it."""
    if is_about_credentials(error):
        return "not authorised"
    sentence = one_line(error.sentence)
    return sentence if len(sentence) <= _LONGEST_CAUSE else sentence[: _LONGEST_CAUSE - 1].rstrip() + "…"


def worst(chips: Iterable[Freshness]) -> Freshness:
    """The one that an operator has to know of; absent if there is none."""
    ranked = sorted(chips, key=lambda chip: (_WORST_FIRST.index(chip.kind), chip.trusted, -chip.step))
    return ranked[0] if ranked else Freshness(FreshnessKind.ABSENT, "not configured")
