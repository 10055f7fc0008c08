"""Rows of a list as they were, made of recorded states: lists then show a past time by the rules that
they have for the present. Pure.

Invariant: judged at a time for which the state holds, a replayed row has the level and the word that the
true one had. Values that are not recorded, such as options, are empty.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from tui.domain.health.rules import Level
from tui.domain.history.observing import GONE, TRANSIENT
from tui.domain.history.records import Change, State, Subject, SubjectKind
from tui.domain.intervals import NOT_REPORTED, Interval, short
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.jtl.workers import SyncState, Worker, WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.timestamps import ABSENT, Moment, MomentKind, iso

_DOUBLED = "shares its identifier with another row"
_STATES = {state.word: state.value for state in SyncState}
_JUDGED_BY_TIME = dict.fromkeys(
    ("overdue", "time ahead", "no zone", "no time"), SyncState.FINISHED.value
)
_PART = " · "
_APART = re.compile(r"^[\d-]+$|…", re.ASCII)
"""As in `jtl.workers.with_distinction`: a channel id or a part of an identifier."""
_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)
_WITHOUT_TIME = {"no zone": Moment(MomentKind.LOCAL, ""), "ok": Moment(MomentKind.NEVER, "")}


def replayed_worker(subject: Subject, state: State, known: WorkerSync | None) -> Worker:
    """`known`: the sync as it is listed now, for its kind and channel; None: the recorded name."""
    sync = known or _called(subject)
    sync = replace(
        sync,
        interval=_interval(state.interval_s),
        options=(),
        problem=None,
        doubled=False,
        reports_progress=False,
        raw={},
    )
    if state.state == "unknown":
        return Worker(subject.key, sync, None)
    status_at = _WITHOUT_TIME.get(state.state, ABSENT)
    if state.status_at is not None:
        status_at = _moment(state.status_at)
    if state.level is Level.RUNNING and state.state == SyncState.RUNNING.word:
        status_at = ABSENT  # The time of its last progress is not recorded: the run did not hang.
    doubled = _is_doubled(state)
    problem = (state.text or _DOUBLED) if doubled or state.state == "unreadable" else None
    status = WorkerStatus(
        subject.key,
        _number(state),
        "" if problem else state.text,
        status_at=status_at,
        next_at=_moment(state.next_at),
        problem=problem,
        doubled=doubled,
    )
    return Worker(subject.key, sync, status)


def _called(subject: Subject) -> WorkerSync:
    """Kind and channel by the recorded name; what kept it apart from its namesakes leads it."""
    first, _, rest = subject.name.partition(_PART)
    apart, is_apart = "", _PART in rest and _APART.search(first)
    if is_apart:
        apart, (first, _, rest) = first, rest.partition(_PART)
    return WorkerSync(subject.key, first if rest else "", rest or first, apart=apart)


def _is_doubled(state: State) -> bool:
    """Whether the row shared its identifier with another, by a level that its word never has alone."""
    if state.level is not Level.WARNING:
        return False
    return state.state in ("ok", "off") or (state.state in TRANSIENT and state.status_at is None)


def _number(state: State) -> int | None:
    if state.state == "unreadable":
        of_level = {Level.ERROR: SyncState.FAILED, Level.LOCKED: SyncState.LOCKED}
        return of_level.get(state.level, SyncState.SUSPENDED).value
    known = _STATES.get(state.state, _JUDGED_BY_TIME.get(state.state))
    if known is not None:
        return known
    return whole_number(state.state.removeprefix("state "))


def _moment(at: datetime | None) -> Moment:
    return ABSENT if at is None else Moment(MomentKind.INSTANT, iso(at), at)


def _interval(seconds: float | None) -> Interval:
    return NOT_REPORTED if seconds is None else Interval(short(seconds), seconds)


def replayed_engine(state: State) -> EngineStatus:
    running = {"running": True, "stopped": False}.get(state.state)
    return EngineStatus(running, state.text or None, _interval(state.interval_s))


def replayed_connection(subject: Subject, state: State, known: Connection | None = None) -> Connection:
    """An inactive one of the level off was known to be: see `expected_of`."""
    doubled = state.level is Level.WARNING and state.state in ("active", "deleted")
    unreadable = state.state == "unknown" and bool(state.text)
    return Connection(
        int(subject.key),  # A number: see `present`.
        subject.name or (known.name if known else ""),
        active={"active": True, "inactive": False}.get(state.state),
        deleted=state.state == "deleted",
        connector_id=known.connector_id if known else None,
        problem=(state.text or _DOUBLED) if doubled or unreadable else None,
        doubled=doubled,
    )


def expected_of(states: Mapping[Subject, Change]) -> frozenset[int]:
    """The ids of connections that were inactive for a known reason."""
    return frozenset(
        int(subject.key)
        for subject, state in present(states, SubjectKind.CONNECTION)
        if (state.state, state.level) == ("inactive", Level.OFF)
    )


def replayed_extension(subject: Subject, state: State) -> Extension:
    words = {status.word: status.value for status in ExtensionStatus}
    number = words.get(state.state)
    if number is None and state.state.startswith("status "):
        number = whole_number(state.state.removeprefix("status "))
    is_problem = state.level is Level.WARNING
    doubled = is_problem and state.state in words
    return Extension(
        subject.key,
        subject.name,
        status=number,
        problem=(state.text or _DOUBLED) if is_problem and (doubled or state.text) else None,
        doubled=doubled,
    )


def present(states: Mapping[Subject, Change], kind: SubjectKind) -> Iterable[tuple[Subject, State]]:
    """The subjects of a kind that were listed then. A connection whose key is not a number is left out:
    anybody may have made the file."""
    return (
        (subject, change.after)
        for subject, change in states.items()
        if subject.kind is kind
        and change.after.state != GONE.state
        and (kind is not SubjectKind.CONNECTION or whole_number(subject.key) is not None)
    )


def whole_number(text: str) -> int | None:
    """None: it is none, or none that a server has."""
    return int(text) if _NUMBER.fullmatch(text) else None
