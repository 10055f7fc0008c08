"""What the audit trail says of the stops of a maintenance: what became of those whose outcome the
journal does not hold, and who stopped a target after us.

Source: every attempt is recorded before it is sent, so a stop without one was never sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tui.domain.jtl.workers import ControlAction, SyncState
from tui.domain.maintenance.records import Maintenance, NotedTarget, Step
from tui.domain.result import Result
from tui.domain.text import one_line
from tui.domain.writes import ChangeEngineStatus, ControlWorker, ToggleConnection
from tui.ops.audit.entries import Entry
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.maintenance.states import operation_of

_MOST = 5_000
_AROUND = timedelta(seconds=5)
"""Between the note in the journal and the attempt in the trail."""


@dataclass(frozen=True, slots=True)
class EarlierSteps:
    stops: tuple[Entry, ...] = ()
    """Stops of any kind since it was opened, newest first."""
    own: frozenset[str] = frozenset()
    """Ids of the maintenance's own attempts."""

    def verified(self, target: NotedTarget) -> NotedTarget:
        """The target with what is known by now of a stop in doubt, and of an earlier one."""
        if target.stop is None:
            return target
        stop = self._known(target, target.stop)
        if target.earlier is None or stop.may_have_effect:
            return replace(target, stop=stop, earlier=target.earlier if stop.is_doubtful else None)
        return replace(target, stop=self._known(target, target.earlier), earlier=None)

    def _known(self, target: NotedTarget, step: Step) -> Step:
        if not step.is_doubtful:
            return step
        entry = self._of(target, step)
        if entry is None:
            is_certain = not (step.audit or self._reaches(step.at))
            return replace(step, result=Result.NOT_SENT, sentence=_NEVER) if is_certain else step
        return replace(step, result=_result_of(entry) or step.result, audit=entry.id)

    def stopped_by(self, target: NotedTarget) -> str:
        """Who stopped it after our stop, by syncdeck; empty: nobody is known."""
        step = target.stop
        if step is None:
            return ""
        for entry in self._stops_of(target):
            later = entry.at > step.at + _AROUND and entry.id != step.audit
            result = _result_of(entry)
            is_theirs = later and entry.id not in self.own and not _was_off(entry)
            if is_theirs and result is not None and result.may_have_effect:
                who = one_line(entry.user) or "somebody"
                return f"stopped again by {who} at {entry.at:%H:%M} UTC"
        return ""

    def _of(self, target: NotedTarget, step: Step) -> Entry | None:
        for entry in self._stops_of(target):
            if entry.id == step.audit or (not step.audit and entry.at >= step.at - _AROUND):
                return entry
        return None

    def _stops_of(self, target: NotedTarget) -> Sequence[Entry]:
        operation = operation_of(target.kind, run=False).id
        return [
            one
            for one in self.stops
            if one.operation == operation and target.id.lower() in map(str.lower, one.targets)
        ]

    def _reaches(self, at: datetime) -> bool:
        """Whether the trail that was read may lack an attempt of that time."""
        return len(self.stops) >= _MOST and self.stops[-1].at > at


_NEVER = "it was never sent: the audit trail has no attempt"


async def read_earlier(trail: AuditTrail, one: Maintenance) -> EarlierSteps:
    """Read the stops since it was opened.

    Raises:
        OSError: the trail cannot be read.
    """
    addresses = {address for _, address in one.addresses}
    stops: list[Entry] = []
    # Other profiles on this machine may use the same server.
    for each in (trail, *trail.beside()):
        history = await each.entries(_MOST, one.opened_at - _AROUND)
        found = (entry for entry in history.entries if each is trail or entry.address in addresses)
        stops += [entry for entry in found if _is_stop(entry)]
    stops.sort(key=lambda entry: entry.at, reverse=True)
    named = {step.audit for target in one.targets if (step := target.stop) is not None}
    # Going on stops again: not all of its attempts are named in the journal.
    return EarlierSteps(tuple(stops), frozenset(named | {x.id for x in stops if x.plan == one.id}))


def _was_off(entry: Entry) -> bool:
    """Whether its target was off already: then it stopped nothing."""
    was = entry.baseline or {}
    is_down = was.get("running") is False or was.get("active") is False
    return is_down or was.get("state") in (SyncState.STOPPING, SyncState.DEACTIVATED)


def _is_stop(entry: Entry) -> bool:
    match entry.write:
        case ControlWorker(action=ControlAction.STOP):
            return True
        case ChangeEngineStatus(run=False) | ToggleConnection(active=False):
            return True
        case _:
            return False


def _result_of(entry: Entry) -> Result | None:
    """What became of it, a later look included; None: it is not known."""
    seen = [check.result for check in entry.checks if check.result is not Result.UNKNOWN]
    if entry.result in (None, Result.UNKNOWN):
        return seen[-1] if seen else None
    return entry.result
