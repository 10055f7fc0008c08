"""Since when a subject is in its level, and whether that was seen. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tui.domain.health.rules import Level
from tui.domain.history.clock_text import clock_text
from tui.domain.history.gaps import RIGHT_AFTER, Gap, is_right_after
from tui.domain.history.records import Cause, Change
from tui.domain.timestamps import age_text
from tui.frozen import frozen

AT_LEAST = "≥"


@frozen
class Since:
    at: datetime
    """When the level began, or when it was first seen after nothing was known."""
    is_known: bool
    """Whether the beginning was seen: False at the start of a recording and right after a gap."""
    before_gap: "Since | None" = None
    """Where a gap lies in the level: since when it was seen before the gap."""


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


def since_of(change: Change, gaps: Iterable[Gap], until: datetime | None = None) -> Since:
    """Of the change that began a level (`HistoryReader.since_at`); the gaps are of its topic.

    One rule for good and bad levels: a level is claimed without a break only back to the end of the last
    gap in it, since it may have come and gone in there; the older beginning is kept in `before_gap`.
    A gap that lasts to `until`, the end of the window, is none within the level: nothing followed it;
    nor are those that it follows at once, for another reason.
    """
    ended = tuple(gaps) if until is None else _over(gaps, change.at, until)
    seen = change.cause is Cause.APPEARED or (
        change.before is not None and change.cause is not Cause.KEYFRAME
    )
    return across(Since(change.at, seen), ended)


def across(begun: Since, gaps: Sequence[Gap]) -> Since:
    """A level that lasts, by the gaps in which it may have begun and those that ended in it."""
    if is_right_after(begun.at, gaps):
        begun = replace(begun, is_known=False)
    again = max((gap.end for gap in gaps), default=begun.at)
    if again <= begun.at + RIGHT_AFTER:
        return begun
    return Since(again, False, begun.before_gap or begun)


def _over(gaps: Iterable[Gap], begun: datetime, until: datetime) -> Sequence[Gap]:
    """The gaps after which something was seen, such as what `begun` with the end of one."""
    newest_first, unseen_from = sorted(gaps, key=lambda gap: gap.end, reverse=True), until
    while newest_first and newest_first[0].end >= unseen_from and newest_first[0].end > begun:
        unseen_from = newest_first.pop(0).start
    return newest_first


def since_text(since: Since | None, now: datetime) -> str:
    """`3h`, or `≥3h` where the beginning was not seen; empty: not known."""
    if since is None:
        return ""
    age = age_text(max(0.0, (now - since.at).total_seconds()))
    return age if since.is_known else f"{AT_LEAST}{age}"


def since_words(since: Since | None, now: datetime) -> str:
    """`since 01:14`, `since 01:14 or earlier`, or empty; with what was before a gap."""
    if since is None:
        return ""
    at = clock_text(since.at, now)
    return f"since {at}{'' if since.is_known else ' or earlier'}{before_gap_words(since, now)}"


def before_gap_words(since: Since, now: datetime) -> str:
    """`, before a gap since 01:14`, or empty."""
    return f", before a gap {since_words(since.before_gap, now)}" if since.before_gap else ""
