"""What the history says of a target's present level: since when, after what, and whether it happened
before. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from tui.domain.history.gaps import RIGHT_AFTER, Gap
from tui.domain.history.grouping import is_run
from tui.domain.history.records import Cause, Change, State, Subject, SubjectKind
from tui.domain.history.runs import Runs, runs_of
from tui.domain.history.since import Since
from tui.domain.text import same_words
from tui.frozen import frozen

SAME_MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@frozen
class Episode:
    """An earlier time in the same trouble."""

    start: datetime
    end: datetime
    same_words: bool
    """Whether its message was the same, numbers aside."""


@frozen
class Past:
    since: Since | None = None
    """Of the present level; None: it was not recorded."""
    since_word: str = ""
    """What it was then, in the words of the history."""
    last_word: str = ""
    """What was recorded last."""
    runs: Runs = field(default_factory=Runs)
    looked_from: datetime | None = None
    """The oldest time that was looked at; None: nothing was recorded."""
    earlier: tuple[Episode, ...] = ()
    """Newest first."""
    turned: tuple[Subject, ...] = ()
    """Other syncs that began to need attention in the same minute."""
    swings: int = 0
    """Changes between good and bad in the last hour."""
    last_swing_at: datetime | None = None
    paced: Change | None = None
    """The last change of its interval."""
    same_since: Mapping[str, datetime] = field(default_factory=dict, hash=False)
    """Since when the other syncs are in their level, by identifier."""

    @property
    def began(self) -> datetime | None:
        """When the level began, before gaps in it; None: that was not seen."""
        since = self.since
        while since is not None and since.before_gap is not None:
            since = since.before_gap
        return since.at if since is not None and since.is_known else None


NOTHING_RECORDED = Past()


def past_of(
    changes: Sequence[Change],
    gaps: Sequence[Gap],
    since: Since | None,
    present: State | None,
    looked_from: datetime | None,
    now: datetime,
) -> Past:
    """Of one subject's changes, oldest first; `present`: its last recorded state."""
    settled = tuple(_settled(changes))
    swings = _swings(settled, now)
    return Past(
        since,
        _word_at(since, settled) or (present.state if present else ""),
        present.state if present else "",
        runs_of(changes, gaps),
        looked_from,
        earlier_episodes(settled, present, since),
        (),
        len(swings),
        swings[-1] if swings else None,
        next((one for one in reversed(changes) if _is_paced(one)), None),
    )


def _word_at(since: Since | None, settled: Sequence[Change]) -> str:
    """What it was when it was seen so first."""
    if since is None:
        return ""
    known = [one.after.state for one in settled if one.at <= since.at + RIGHT_AFTER]
    return known[-1] if known else ""


def _settled(changes: Iterable[Change]) -> Iterable[Change]:
    """Without runs and status times that moved: what it was between the runs."""
    return (one for one in changes if one.cause is not Cause.STATUS_MOVED and not is_run(one.after))


def earlier_episodes(
    settled: Sequence[Change], present: State | None, since: Since | None
) -> tuple[Episode, ...]:
    """Times in the level of `present` that ended before it, newest first."""
    if present is None or since is None:
        return ()
    found: list[Episode] = []
    start: Change | None = None
    for change in settled:
        if change.at >= since.at:
            break
        is_same = change.after.level is present.level and change.after.state == present.state
        if is_same and start is None:
            start = change
        elif not is_same and start is not None:
            same = same_words(start.after.text, present.text)
            found.append(Episode(start.at, change.at, same))
            start = None
    return tuple(reversed(found))


def _swings(settled: Sequence[Change], now: datetime) -> list[datetime]:
    """When it changed between good and bad in the last hour."""
    found: list[datetime] = []
    bad: bool | None = None
    for change in settled:
        is_bad = change.after.level.needs_attention
        if bad is not None and is_bad is not bad and now - change.at <= HOUR:
            found.append(change.at)
        bad = is_bad
    return found


def _is_paced(change: Change) -> bool:
    before, after = change.before, change.after
    if before is None or before.interval_s is None or after.interval_s is None:
        return False
    return before.interval_s != after.interval_s


def turned_together(
    changes: Iterable[Change], known: Mapping[Subject, State], subject: Subject
) -> tuple[Subject, ...]:
    """The other syncs among `changes`, oldest first, that began to need attention; `known`: what each
    was before them, runs aside."""
    settled = dict(known)
    found: dict[Subject, None] = {}
    for change in changes:
        if change.subject.kind is not SubjectKind.SYNC or is_run(change.after):
            continue
        before = settled.get(change.subject) or change.before
        if before is None or is_run(before):
            # What it was before the run was not seen: it may have been in trouble already.
            pass
        elif change.after.level.needs_attention and not before.level.needs_attention:
            found[change.subject] = None
        settled[change.subject] = change.after
    found.pop(subject, None)
    return tuple(found)
