"""What the audit trail says of the steps of a maintenance: what became of those whose outcome the
journal does not hold, and who started or stopped a target after us.

Source: every attempt is recorded before it is sent, so a step without one was never sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta

from tui.domain.jtl.workers import SyncState
from tui.domain.maintenance.records import Maintenance, NotedTarget, Step
from tui.domain.maintenance.rules import OnRecord
from tui.domain.result import Result
from tui.domain.text import one_line
from tui.frozen import frozen
from tui.ops.audit.entries import Entry
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.maintenance.states import operation_of
from tui.ops.operations.kinds import kind_of

_MOST = 5_000
_AROUND = timedelta(seconds=5)
"""Between the note in the journal and the attempt in the trail."""


@frozen
class EarlierSteps:
    steps: Mapping[tuple[str, str, bool], Sequence[Entry]] = field(default_factory=dict)
    """Stops and starts since it was opened, newest first; by operation, target and direction."""
    own: frozenset[str] = frozenset()
    """Ids of the maintenance's own attempts."""
    plan: str = ""
    """Its id."""
    read_from: datetime | None = None
    """What is older was not read; None: all of it was."""

    def verified(self, target: NotedTarget) -> NotedTarget:
        """The target with what is known by now of a step in doubt, and of an earlier stop; also of one
        that was sent and that the journal does not hold."""
        if target.is_settled:
            return target
        stop = target.stop or self._unnoted(target)
        if stop is None:
            return target
        stop, start = self._known(target, stop, run=False), target.start
        if start is not None and start.result in (None, Result.UNKNOWN):
            start = self._known(target, start, run=True)
        target = replace(target, start=start)
        if target.earlier is None or stop.may_have_effect:
            return replace(target, stop=stop, earlier=target.earlier if stop.is_doubtful else None)
        earlier = self._known(target, target.earlier, run=False)
        return replace(target, stop=earlier, earlier=None)

    def _unnoted(self, target: NotedTarget) -> Step | None:
        """A stop of ours that reached the server, and that the journal does not hold."""
        for entry in self._of(target, run=False):
            result = _result_of(entry) if entry.plan == self.plan else None
            if result is not None and result.may_have_effect:
                return Step(entry.at, result, entry.id, one_line(entry.sentence))
        return None

    def left_open(self, target: NotedTarget) -> Step | None:
        """A stop of ours without an outcome that the journal does not hold; it was hardly sent."""
        for entry in self._of(target, run=False):
            if entry.plan == self.plan and entry.result is None:
                return Step(entry.at, None, entry.id)
        return None

    def _known(self, target: NotedTarget, step: Step, *, run: bool) -> Step:
        if not step.is_doubtful:
            return step
        entry = self._attempt(target, step, run=run)
        if entry is None:
            is_certain = not (step.audit or self._may_lack(step.at))
            return replace(step, result=Result.NOT_SENT, sentence=_NEVER) if is_certain else step
        said = step.sentence or one_line(entry.sentence)
        result = _result_of(entry)
        if step.result is Result.UNKNOWN and result is Result.FAILED:
            # The server failed, maybe after the work: the journal knows more than the attempt says.
            result = step.result
        return replace(step, result=result or step.result, audit=entry.id, sentence=said)

    def on_record(self, target: NotedTarget) -> OnRecord:
        stop = target.stop
        if stop is None:
            return OnRecord()
        return OnRecord(
            self.stopped_by(target),
            self._started_by(target, stop),
            self._attempt(target, stop, run=False) is not None,
        )

    def stopped_by(self, target: NotedTarget) -> str:
        """Who stopped it after our stop, by syncdeck; empty: nobody is known."""
        step = target.stop
        if step is None:
            return ""
        for entry in self._of(target, run=False):
            later = entry.at > step.at + _AROUND and entry.id != step.audit
            is_theirs = later and entry.id not in self.own and not _was_off(entry)
            if is_theirs and _may_have_worked(entry):
                return f"stopped again {_by(entry)}"
        return ""

    def _started_by(self, target: NotedTarget, stop: Step) -> str:
        """Who started it by syncdeck since, having seen it off."""
        for entry in self._of(target, run=True):
            if entry.at > stop.at and _is_from_off(entry) and _may_have_worked(entry):
                return f"started {_by(entry)}"
        return ""

    def _attempt(self, target: NotedTarget, step: Step, *, run: bool) -> Entry | None:
        for entry in self._of(target, run=run):
            if entry.id == step.audit or (not step.audit and entry.at >= step.at - _AROUND):
                return entry
        return None

    def _of(self, target: NotedTarget, *, run: bool) -> Sequence[Entry]:
        return self.steps.get((operation_of(target.kind, run=run).id, target.id.lower(), run), ())

    def _may_lack(self, at: datetime) -> bool:
        """Whether the trail that was read may lack an attempt of that time."""
        return self.read_from is not None and self.read_from > at


_NEVER = "it was never sent: the audit trail has no attempt"


async def read_earlier(trail: AuditTrail, one: Maintenance) -> EarlierSteps:
    """Read the stops and starts since it was opened. Raises OSError: the trail cannot be read."""
    addresses = {address for _, address in one.addresses}
    found: list[Entry] = []
    cut: list[datetime] = []
    # Other profiles on this machine may use the same server.
    for each in (trail, *trail.beside()):
        entries = (await each.entries(_MOST, one.opened_at - _AROUND)).entries
        found += [entry for entry in entries if each is trail or entry.address in addresses]
        if len(entries) >= _MOST:
            cut.append(entries[-1].at)
    found.sort(key=lambda entry: entry.at, reverse=True)
    named = {step.audit for target in one.targets if (step := target.stop) is not None}
    # Going on stops again: not all of its attempts are named in the journal.
    own = frozenset(named | {x.id for x in found if x.plan == one.id})
    return EarlierSteps(_by_target(found), own, one.id, max(cut, default=None))


def _by_target(entries: Iterable[Entry]) -> Mapping[tuple[str, str, bool], Sequence[Entry]]:
    found: defaultdict[tuple[str, str, bool], list[Entry]] = defaultdict(list)
    for one in entries:
        run = _runs(one)
        if run is not None:
            for key in one.targets:
                found[one.operation, key.lower(), run].append(one)
    return found


def _by(entry: Entry) -> str:
    return f"by {one_line(entry.user) or 'somebody'} at {entry.at:%H:%M} UTC"


def _may_have_worked(entry: Entry) -> bool:
    result = _result_of(entry)
    return result is not None and result.may_have_effect


def _was_off(entry: Entry) -> bool:
    """Whether its target was off already: then it stopped nothing."""
    return _is_from_off(entry) or (entry.baseline or {}).get("state") == SyncState.STOPPING


def _is_from_off(entry: Entry) -> bool:
    """Whether its target was off right before it was sent."""
    was = entry.baseline or {}
    is_down = was.get("running") is False or was.get("active") is False
    return is_down or was.get("state") == SyncState.DEACTIVATED


def _runs(entry: Entry) -> bool | None:
    """Whether it is a start; None: neither that nor a stop."""
    write = entry.write
    return None if write is None else kind_of(write).turns_on(write)


def _result_of(entry: Entry) -> Result | None:
    """What became of it, a later look included; None: it is not known."""
    seen = [check.result for check in entry.checks if check.result is not Result.UNKNOWN]
    if entry.result in (None, Result.UNKNOWN):
        return seen[-1] if seen else None
    return entry.result
