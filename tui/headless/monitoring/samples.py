"""The samples of a profile, from what is in memory: nothing here sends a request or reads a file.

Invariants: what has not been read for a while is left out, never repeated; `syncdeck_up` is 0 then, also
while a request hangs.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from tui.core import Core
from tui.domain.health.rules import assess, assess_connection
from tui.domain.jtl.workers import SyncState, Worker, WorkerStatus, WorkerSync
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.records import MemberKind
from tui.domain.maintenance.rules import Seen, seen_of
from tui.domain.profile import System
from tui.domain.redaction import masked_text
from tui.domain.text import brief
from tui.domain.timestamps import by_server
from tui.headless.monitoring import metric_table as table
from tui.headless.monitoring.metric_table import Metric
from tui.headless.monitoring.seen_runs import SeenRuns, Tally
from tui.ops.maintenance.states import read_since
from tui.store.snapshot import Topic

POLLED = {
    System.JTL: (Topic.WORKERS, Topic.STATUS),
    System.SUPEROFFICE: (Topic.ENGINE,),
}
"""The topics that have to be read for a system to be up."""
READ = (Topic.WORKERS, Topic.STATUS, Topic.ENGINE, Topic.CONNECTIONS)
"""All topics that samples are made of."""
_LEAST_KEPT = 300.0
"""Seconds for which an old state is repeated at least."""
_INTERVALS_KEPT = 3
_LEAST_WAIT, _RESPONSES_WAITED = 10.0, 3
"""Seconds, and times the last response, after which a request hangs: less than it takes to fail."""
_LONGEST_NAME = 120


class Sample(NamedTuple):
    metric: Metric
    labels: tuple[str, ...]
    """The values, in the order of the metric's labels."""
    value: float


class Beside(NamedTuple):
    """What is known of a profile beside its servers; None: not known."""

    unresolved_writes: int | None = None
    history_bytes: int | None = None
    history_dropped: int | None = None
    history_recording: bool | None = None
    covered: Covered | None = None


def samples_of(core: Core, runs: SeenRuns, beside: Beside, now: datetime) -> Iterator[Sample]:
    """All samples of a profile at `now`, by our clock."""
    profile = core.facts.name
    for system in sorted(core.facts.systems):
        yield Sample(table.UP, (profile, system.value), float(_is_up(core, system)))
    for topic in READ:
        yield from _of_topic(core, topic)
    yield from _of_syncs(core, runs, by_server(now, core.service.clock_offset(System.JTL)))
    yield from _of_superoffice(core)
    if beside.covered is not None:
        yield from _of_maintenance(core, beside.covered)
    numbers = (
        (table.UNRESOLVED_WRITES, beside.unresolved_writes),
        (table.HISTORY_BYTES, beside.history_bytes),
        (table.HISTORY_RECORDING, beside.history_recording),
        (table.HISTORY_DROPPED, beside.history_dropped),
    )
    for metric, number in numbers:
        if number is not None:
            yield Sample(metric, (profile,), float(number))


def samples_of_unusable(profile: str, systems: Iterable[System]) -> Iterator[Sample]:
    """Of a profile whose config cannot be used."""
    for system in sorted(systems):
        yield Sample(table.UP, (_name(profile), system.value), 0.0)


def is_reduced(core: Core) -> bool:
    """Whether there are too many syncs for a series of every state."""
    return len(core.store.workers()) > table.MOST_WHOLE


def _is_fresh(core: Core, topic: Topic) -> bool:
    """Whether the topic was read within three intervals, or five minutes."""
    heard = core.store.snapshot(topic).heard
    if heard is None:
        return False
    kept = max(_INTERVALS_KEPT * core.intervals.get(topic, 0.0), _LEAST_KEPT)
    return core.elapsed() - heard <= kept


def _is_up(core: Core, system: System) -> bool:
    return all(_is_read(core, topic) for topic in POLLED[system])


def _is_read(core: Core, topic: Topic) -> bool:
    is_well = core.store.snapshot(topic).error is None and _is_fresh(core, topic)
    return is_well and not _hangs(core, topic)


def _hangs(core: Core, topic: Topic) -> bool:
    """Whether the running request waits too long. A slow server does not hang."""
    took = core.store.snapshot(topic).took or 0.0
    return core.poller.waits(topic) > max(_LEAST_WAIT, _RESPONSES_WAITED * took)


def _of_topic(core: Core, topic: Topic) -> Iterator[Sample]:
    snapshot, labels = core.store.snapshot(topic), (core.facts.name, topic.system.value, topic.value)
    if topic.system in core.facts.systems:
        yield Sample(table.TOPIC_UP, labels, float(_is_read(core, topic)))
        if topic in core.intervals:
            yield Sample(table.POLL_INTERVAL, labels, core.intervals[topic])
    if snapshot.fetched_at is not None:
        yield Sample(table.LAST_RESPONSE, labels, snapshot.fetched_at.timestamp())
    if snapshot.took is not None and _is_fresh(core, topic):
        yield Sample(table.REQUEST_DURATION, labels, snapshot.took)


def _of_syncs(core: Core, runs: SeenRuns, now: datetime) -> Iterator[Sample]:
    """`now`: by the server's clock."""
    profile, workers = core.facts.name, core.store.workers()
    listed = core.store.snapshot(Topic.WORKERS)
    is_listed, has_status = _is_fresh(core, Topic.WORKERS), _is_fresh(core, Topic.STATUS)
    if is_listed and listed.data is not None:
        yield Sample(table.SYNCS, (profile,), float(len(listed.data)))
    reduced = is_reduced(core)
    for worker in workers:
        labels = (profile, worker.id, _name(worker.name))
        if has_status:
            yield from _of_state(worker, labels, now, reduced=reduced)
            yield from _of_status(worker.status, labels)
        if is_listed:
            yield from _of_interval(worker.sync, labels)
        if runs.is_known:
            yield from _of_runs(runs.of_sync.get(worker.id) or Tally(), labels)


def _of_state(
    worker: Worker, labels: tuple[str, ...], now: datetime, *, reduced: bool
) -> Iterator[Sample]:
    current = worker.state.word if worker.state is not None else table.UNKNOWN_STATE
    states = table.REDUCED_STATES if reduced else table.STATES
    for state in states:
        yield Sample(table.SYNC_STATE, (*labels, state), float(state == current))
    if current not in states and worker.state is not SyncState.FINISHED:
        yield Sample(table.SYNC_STATE, (*labels, current), 1.0)
    verdict = assess(worker, now)
    yield Sample(table.SYNC_ATTENTION, labels, float(verdict.needs_attention))
    yield Sample(table.SYNC_OVERDUE, labels, float(verdict.word == "overdue"))


def _of_status(status: WorkerStatus | None, labels: tuple[str, ...]) -> Iterator[Sample]:
    if status is not None and status.status_at.at is not None:
        yield Sample(table.SYNC_STATUS, labels, status.status_at.at.timestamp())


def _of_interval(sync: WorkerSync | None, labels: tuple[str, ...]) -> Iterator[Sample]:
    if sync is not None and sync.interval.seconds is not None:
        yield Sample(table.SYNC_INTERVAL, labels, sync.interval.seconds)


def _of_runs(tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    if tally.last_success is not None:
        yield Sample(table.SYNC_LAST_SUCCESS, labels, tally.last_success.timestamp())
    yield Sample(table.SYNC_RUNS, labels, float(tally.runs))
    yield Sample(table.SYNC_FAILED_RUNS, labels, float(tally.failed))


def _of_superoffice(core: Core) -> Iterator[Sample]:
    profile = core.facts.name
    engine = core.store.snapshot(Topic.ENGINE).data
    if _is_fresh(core, Topic.ENGINE) and engine is not None and engine.running is not None:
        yield Sample(table.ENGINE_RUNNING, (profile,), float(engine.running))
    links = core.store.snapshot(Topic.CONNECTIONS).data
    if _is_fresh(core, Topic.CONNECTIONS) and links is not None:
        listed = [one for one in links if not one.deleted]
        yield Sample(table.CONNECTIONS, (profile,), float(len(listed)))
        for one in listed:
            labels = (profile, str(one.id), _name(one.name))
            if one.active is not None:
                yield Sample(table.CONNECTION_ACTIVE, labels, float(one.active))
            verdict = assess_connection(one, expected=one.id in core.connections.expected)
            yield Sample(table.CONNECTION_ATTENTION, labels, float(verdict.needs_attention))
    tenant = core.service.tenant()
    if tenant is not None and not tenant.trouble:
        yield Sample(table.TENANT_RUNNING, (profile,), float(tenant.running))


def _of_maintenance(core: Core, covered: Covered) -> Iterator[Sample]:
    """Of every sync that is listed, also of one whose state is not fresh: it is known here."""
    profile = core.facts.name
    for one in covered.open:
        yield Sample(table.MAINTENANCE_END, (profile, _name(one.name)), one.until.timestamp())
    if covered.troubles:
        yield Sample(table.MAINTENANCE_UNREADABLE, (profile,), float(len(covered.troubles)))
    for worker in core.store.workers():
        labels = (profile, worker.id, _name(worker.name))
        is_covered = bool(covered.by("sync", worker.id, _seen_since(core, covered, worker)))
        if is_covered or not covered.troubles:
            yield Sample(table.SYNC_MAINTENANCE, labels, float(is_covered))
    if covered.by("engine", "engine"):
        yield Sample(table.ENGINE_MAINTENANCE, (profile,), 1.0)
    for link in core.store.snapshot(Topic.CONNECTIONS).data or ():
        if covered.by("connection", str(link.id)):
            labels = (profile, str(link.id), _name(link.name))
            yield Sample(table.CONNECTION_MAINTENANCE, labels, 1.0)


def _seen_since(core: Core, covered: Covered, worker: Worker) -> Seen | None:
    """What a sync is doing, if it was read since it was stopped."""
    found = covered.of("sync", worker.id)
    stop = None if found is None else found.target.stop
    is_newer = stop is not None and read_since(core.store, MemberKind.SYNC, stop.at)
    return seen_of(worker) if is_newer else None


def _name(text: str) -> str:
    """The name of a row: the only text of a server in a label."""
    return brief(masked_text(text), _LONGEST_NAME)
