"""JTL-Wawi worker syncs, their options and their status. Source: jtl PROTOCOL §1."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import IntEnum

from tui.domain.intervals import NOT_REPORTED, Interval
from tui.domain.text import folded
from tui.domain.timestamps import ABSENT, Moment
from tui.frozen import frozen

Raw = Mapping[str, object]
"""The server's object (cleaned), for the raw view."""


class SyncState(IntEnum):
    """State on the wire (jtl PROTOCOL §1.3)."""

    word: str
    """Our own word; the wire's names are misspelt and half German."""
    meaning: str
    """For an operator, in one sentence."""

    def __new__(cls, number: int, word: str, meaning: str) -> "SyncState":
        state = int.__new__(cls, number)
        state._value_, state.word, state.meaning = number, word, meaning
        return state

    SUSPENDED = 0, "suspended", "The worker does not run it; it restarts automatically with the worker."
    STARTING = 1, "starting", "It is being started."
    RUNNING = 2, "running", "A run is in progress."
    FINISHED = 3, "ok", "The last run succeeded; it waits for the next."
    FAILED = 4, "error", "The last run ended with errors; it waits for the next."
    STOPPING = 5, "stopping", "It is being stopped."
    LOCKED = 6, "locked", "It ended with errors and is locked: unlock the account, then start it."
    DEACTIVATED = 7, "off", "A user stopped it; it stays off until a user starts it."


ON = (SyncState.STARTING, SyncState.RUNNING, SyncState.FINISHED, SyncState.FAILED)
"""The states that a start leads to."""
OFF = (SyncState.DEACTIVATED, SyncState.STOPPING)
"""The states that a stop leads to."""


_SHOWN = 8
"""Characters of a shortened identifier."""
_STATES = {state.value: state for state in SyncState}


class ControlAction(IntEnum):
    """Control action on the wire (jtl PROTOCOL §1.3)."""

    START = 0
    STOP = 1
    RESTART = 2


@frozen
class WorkerOption:
    """One configuration option of a sync; shared by all syncs of the same kind (§1.4)."""

    id: str
    name: str
    description: str = ""
    type_name: str = "string"
    """As reported: `bool`, `int`, `string`, or an unknown type, which is edited as text."""
    value: str | None = None
    """Text as reported; None: not reported."""
    required: bool = False
    altered: bool = False
    """Whether the shown text differs from the server's: it had characters that cannot be shown, or was
    too long. Sending it back would replace the true value."""


@frozen
class WorkerSync:
    id: str
    kind: str = ""
    """SyncName: the kind of sync, such as `Ebay`."""
    channel: str = ""
    """SalesChannelName."""
    interval: Interval = NOT_REPORTED
    """Pause between the end of a run and the start of the next."""
    reports_progress: bool = False
    options: tuple[WorkerOption, ...] = ()
    problem: str | None = None
    """Why the last response's row could not be read; the other values are then the last known."""
    doubled: bool = False
    """Whether another row of the same list has its identifier: a write could reach either."""
    raw: Raw = field(default_factory=dict, repr=False, hash=False)
    channel_id: str = ""
    """SalesChannelId."""
    apart: str = ""
    """Distinguishes it from others of the same kind and channel; empty if there are none."""

    @property
    def called(self) -> str:
        """Kind and channel, which others may share; empty if neither was reported."""
        return " · ".join(filter(None, (self.kind, self.channel)))


@frozen
class WorkerStatus:
    """A sync's state in the last response."""

    id: str
    state: int | None = None
    """A `SyncState` value, or an unknown number, which is shown as such."""
    text: str = ""
    """ProgressText: the last message, may be empty."""
    progress: float | None = None
    """Percent as reported; negative means none reported."""
    status_at: Moment = ABSENT
    """LastSync: the time of the status; may not be a run (§1.4)."""
    next_at: Moment = ABSENT
    """NextSync: an estimate."""
    problem: str | None = None
    doubled: bool = False
    """Whether another row of the same list has its identifier: a write could reach either."""
    raw: Raw = field(default_factory=dict, repr=False, hash=False)
    sync: WorkerSync | None = field(default=None, compare=False, repr=False)
    """The sync that it is of, where that was looked up with it: what is to be controlled has a name."""

    @property
    def known_state(self) -> SyncState | None:
        """The state, if it is one of the eight."""
        return None if self.state is None else _STATES.get(self.state)

    @property
    def word(self) -> str:
        """Our word for the state; else `unknown` or `state 9`."""
        if self.known_state is not None:
            return self.known_state.word
        return "unknown" if self.state is None else f"state {self.state}"


@frozen
class Worker:
    """A sync joined with its status by identifier; either may be missing, and both are shown."""

    id: str
    sync: WorkerSync | None
    status: WorkerStatus | None

    @property
    def state(self) -> SyncState | None:
        """The known state, or None: not reported or not one of the eight."""
        return self.status.known_state if self.status else None

    @property
    def state_word(self) -> str:
        """The word of its status; `unknown` without one."""
        return self.status.word if self.status else "unknown"

    @property
    def name(self) -> str:
        """Kind and channel, or the identifier; if needed preceded by what distinguishes it, at the
        start, where cutting comes last."""
        apart = self.sync.apart if self.sync else ""
        return f"{apart} · {self.plain_name}" if apart else self.plain_name

    @property
    def plain_name(self) -> str:
        """Kind and channel alone, which others may share; or the identifier."""
        return (self.sync.called if self.sync else "") or self.id

    @property
    def percent(self) -> float | None:
        """Progress while running, only if the sync reports it and it is 0 or more."""
        if self.sync is None or self.status is None or self.status.progress is None:
            return None
        shown = self.sync.reports_progress and self.status.progress >= 0
        return min(self.status.progress, 100.0) if shown else None

    @property
    def problem(self) -> str | None:
        """Why a row of the last response could not be read."""
        return (self.sync and self.sync.problem) or (self.status and self.status.problem) or None

    @property
    def doubled(self) -> bool:
        """Whether another row has its identifier, in the list of syncs or of statuses."""
        return any(part is not None and part.doubled for part in (self.sync, self.status))


def join(syncs: Iterable[WorkerSync], statuses: Iterable[WorkerStatus]) -> tuple[Worker, ...]:
    """Join by identifier, case-insensitively; server order, then statuses without a sync.

    A row without an identifier is named by its position, `#7`, and joins nothing. A repeated identifier
    is named `ID#2`; it has the name and the state of the others.
    """
    syncs = tuple(syncs)
    by_id = {status.id.lower(): status for status in statuses}
    alone = dict(by_id)
    joined: list[Worker] = []
    for sync in syncs:
        key = sync.id.lower()
        status = by_id.get(key) or (by_id.get(_base(key)) if sync.doubled else None)
        if status is not None and not _is_position(sync.id):
            alone.pop(key, None)
            joined.append(Worker(sync.id, sync, status))
        else:
            joined.append(Worker(sync.id, sync, None))
    twins = {_base(key) for key, status in alone.items() if status.doubled}
    named = {sync.id.lower(): sync for sync in syncs if sync.id.lower() in twins}
    rest = ((status, named.get(_base(key))) for key, status in alone.items())
    return (*joined, *(Worker(_key_alone(status.id), sync, status) for status, sync in rest))


def _base(row_id: str) -> str:
    """The identifier of a row that is named `ID#2`."""
    return row_id.partition("#")[0]


def with_distinction(syncs: Sequence[WorkerSync]) -> tuple[WorkerSync, ...]:
    """The same syncs; those that share kind and channel get a distinguishing text in `apart`.

    That is the sales channel id, such as `2-2-1` (jtl PROTOCOL §1.2), or a part of the identifier if
    channel ids are missing or equal.
    """
    alike: dict[str, list[WorkerSync]] = {}
    for sync in syncs:
        if sync.kind or sync.channel:
            alike.setdefault(folded(f"{sync.kind}\n{sync.channel}"), []).append(sync)
    apart: dict[str, str] = {}
    for same in alike.values():
        if len(same) > 1:
            apart |= {one.id: mark for one, mark in zip(same, _marks(same), strict=True)}
    if not apart:
        return tuple(syncs)
    return tuple(replace(one, apart=apart[one.id]) if one.id in apart else one for one in syncs)


def _marks(same: Sequence[WorkerSync]) -> Sequence[str]:
    """One short distinguishing text for each."""
    channels, ids = [one.channel_id for one in same], [one.id for one in same]
    ends, starts = [f"…{one[-_SHOWN:]}" for one in ids], [f"{one[:_SHOWN]}…" for one in ids]
    for marks in (channels, starts, ends):
        if len(set(marks)) == len(same) and "" not in marks:
            return marks
    return ids


def same_kind(sync: WorkerSync, syncs: Iterable[WorkerSync]) -> tuple[str, ...]:
    """The names of the other syncs of the same kind: they share its options."""
    same = (one for one in syncs if one.kind == sync.kind and one.id != sync.id)
    return tuple(Worker(one.id, one, None).name for one in same)


def _is_position(row_id: str) -> bool:
    return row_id.startswith("#")


def _key_alone(status_id: str) -> str:
    return f"status {status_id}" if _is_position(status_id) else status_id
