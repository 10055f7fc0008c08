"""`check --from-history`: answered from the last values that a recorder kept; no server is contacted."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tui.domain.health.rules import Level
from tui.domain.history.gaps import NOT_YET, NOTHING_RECORDED, RIGHT_AFTER, gap_until
from tui.domain.history.records import Coverage, SubjectKind
from tui.domain.history.replay import replayed_worker
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.rules import Seen, seen_of
from tui.domain.monitoring.check_result import (
    CheckResult,
    Code,
    Failure,
    Observation,
    Row,
    absent,
    judge,
)
from tui.domain.monitoring.in_maintenance import with_maintenance
from tui.domain.monitoring.selection import SYSTEM_OF, Selection
from tui.domain.profile import System
from tui.domain.timestamps import age_text
from tui.headless.history.at_time import Then, read_state
from tui.headless.history.recorded import Recorded
from tui.headless.output import masked_line
from tui.headless.reports.judged import list_rows, suspended_row

_TOPICS = {
    SubjectKind.SYNC: ("workers", "status"),
    SubjectKind.ENGINE: ("engine",),
    SubjectKind.CONNECTION: ("connections",),
    SubjectKind.EXTENSION: ("extensions",),
}
"""What has to be polled for a kind to be judged."""
_DAY = timedelta(days=1)
_ON_DISK = timedelta(seconds=6)
"""A recorder commits every 5 s: so much of the newest may not be readable yet."""


def check_recorded(
    recorded: Recorded,
    systems: frozenset[System],
    selection: Selection,
    unreachable: Code,
    now: datetime,
    *,
    is_one_of_many: bool = False,
) -> CheckResult:
    """`systems`: those that the profile configures. Values older than two intervals count as unknown.
    The rest as for `check_live`. Blocking."""
    kinds = [kind for kind in selection.subjects if SYSTEM_OF[kind] in systems]
    coverage = recorded.reader.coverage(now - _DAY, now)
    newest = max((row.end for row in coverage), default=now)
    seen_at = min(now, max(newest, now - _ON_DISK))
    # What the newest poll showed was recorded a moment after it.
    now = min(now, seen_at + RIGHT_AFTER)
    failures = [
        failure
        for kind in kinds
        for topic in _TOPICS[kind]
        if (failure := _unseen(coverage, topic, SYSTEM_OF[kind], unreachable, now)) is not None
    ]
    lost = {one.subject for one in failures}
    read = frozenset(kind for kind in kinds if SYSTEM_OF[kind].product not in lost)
    if selection.is_named:
        failures += [
            Failure(system.product, "this profile does not configure it")
            for system in selection.systems
            if system not in systems
        ]
    covered = recorded.covered()
    rows = tuple(_rows(recorded, covered, read, now, is_named=bool(selection.syncs)))
    missing = selection.missing(rows) if SubjectKind.SYNC in read else ()
    unlisted = selection.unlisted(rows) if SubjectKind.SYNC in read else ()
    if missing and not is_one_of_many:
        failures.append(Failure("", absent(", ".join(missing))))
    seen = Observation(
        recorded.profile,
        (*unlisted, *selection.apply(rows)),
        tuple(failures),
        read,
        runbooks=recorded.runbooks,
        missing=missing,
    )
    return judge(with_maintenance(seen, covered, now, is_named=selection.is_named), now)


def _unseen(
    coverage: Sequence[Coverage], topic: str, system: System, unreachable: Code, now: datetime
) -> Failure | None:
    """Why the last values of a topic do not hold now; None: they do."""
    gap = gap_until(coverage, topic, now - _DAY, now)
    if gap is None:
        return None
    last = max((row.end for row in coverage if row.topic == topic), default=None)
    if last is None:
        return Failure(
            system.product, "nothing was recorded within a day: is `syncdeck record` running?"
        )
    if gap.reason in (NOT_YET, NOTHING_RECORDED):
        age = age_text((now - last).total_seconds())
        return Failure(
            system.product, f"the last recorded values are {age} old, more than two intervals"
        )
    return Failure(system.product, masked_line(gap.reason), unreachable)


def _rows(
    recorded: Recorded,
    covered: Covered,
    read: frozenset[SubjectKind],
    now: datetime,
    *,
    is_named: bool,
) -> Iterator[Row]:
    state = read_state(recorded.reader, now)
    seen = [row for row in state.rows if row.subject.kind in read]
    if SubjectKind.SYNC in read:
        syncs = [row for row in seen if row.subject.kind is SubjectKind.SYNC]
        workers = [replayed_worker(row.subject, row.state, None) for row in syncs]
        yield from list_rows(workers)
        yield from suspended_row(workers, covered)
    former = recorded.reader.former_names() if is_named else {}
    for row in seen:
        subject = row.subject
        yield Row(
            subject.kind,
            subject.key,
            subject.name or subject.key,
            row.verdict,
            status_at=row.state.status_at,
            since=row.since if row.verdict.level <= Level.WARNING else None,
            message=row.state.text,
            seen=_seen_since(row, covered),
            former=former.get(subject, frozenset()),
        )


def _seen_since(row: Then, covered: Covered) -> Seen | None:
    """What a sync in maintenance is doing, if that began after it was stopped: values may be older."""
    found = covered.of(row.subject.kind.value, row.subject.key)
    stop = None if found is None else found.target.stop
    is_newer = stop is not None and row.since is not None and row.since.at > stop.at
    if not (is_newer and row.subject.kind is SubjectKind.SYNC):
        return None
    return seen_of(replayed_worker(row.subject, row.state, None))
