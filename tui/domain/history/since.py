"""Since when a subject is in its level, and whether that was seen. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.domain.health.rules import Level
from tui.domain.history.gaps import Gap
from tui.domain.history.records import Cause, Change
from tui.domain.timestamps import age_text

AT_LEAST = "≥"
_RIGHT_AFTER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Since:
    at: datetime
    """When the level began, or when it was first seen."""
    is_known: bool
    """Whether the beginning was seen: False at the start of a recording and right after a gap."""


def level_began(newest_first: Iterable[Change]) -> Change | None:
    """The change that began the present level, of one subject's changes. Runs in between do not end it:
    a sync that fails at every run is in error since the first."""
    begun: Change | None = None
    for change in newest_first:
        if begun is None or change.after.level is begun.after.level:
            begun = change
        elif begun.after.level is Level.RUNNING or change.after.level is not Level.RUNNING:
            break
    return begun


def since_of(change: Change, gaps: Iterable[Gap]) -> Since:
    """Of the change that began a level (`HistoryReader.since_at`); the gaps are of its topic."""
    seen = change.cause is Cause.APPEARED or (
        change.before is not None and change.cause is not Cause.KEYFRAME
    )
    late = any(gap.start < change.at <= gap.end + _RIGHT_AFTER for gap in gaps)
    return Since(change.at, seen and not late)


def since_text(since: Since | None, now: datetime) -> str:
    """`3h`, or `≥3h` where the beginning was not seen; empty: not known."""
    if since is None:
        return ""
    age = age_text(max(0.0, (now - since.at).total_seconds()))
    return age if since.is_known else f"{AT_LEAST}{age}"
