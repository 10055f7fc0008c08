"""The interface of a kind of operation; each kind is one module.

The table (`registry.py`: ids, keys, titles) is separate because the first frame draws its keys from
it. The kinds and their imports are loaded at the first look-up (`kinds.py`).
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Generic, TypeVar

from tui.api.service import ErpService, RequestPreview
from tui.domain.baseline import Baseline
from tui.domain.jtl.extensions import Extension
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.writes import (
    DeleteExtension,
    PushManifest,
    Resync,
    ToggleConnection,
    UpdateConnectionFields,
    UpdateExtension,
    Write,
    target_of,
)
from tui.ops.audit.json_values import Sent, restored, values_of
from tui.ops.execution.state_watch import Watch
from tui.ops.execution.verification import (
    LOOK_FIRST,
    UNKNOWN,
    WITHOUT_REASON,
    Judgement,
    by_state,
    by_values,
    not_seen,
)
from tui.ops.operations.operation import Danger, Operation
from tui.ops.proposals.proposal import GONE, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.from_server import Reread
from tui.ops.targets.from_store import Present, found
from tui.ops.targets.operand import ActsOn
from tui.ops.targets.target import TargetRow, baseline_of
from tui.ops.text_commands.request import Request
from tui.ops.text_commands.setting import Setting
from tui.ops.undo.applied_change import NOT_KNOWN, AppliedChange
from tui.store.snapshot import Topic
from tui.store.store import Store

W = TypeVar("W", bound=Write)
R = TypeVar("R", bound=TargetRow)
OfExtension = TypeVar("OfExtension", bound=UpdateExtension | PushManifest | DeleteExtension)
OfConnection = TypeVar("OfConnection", bound=Resync | ToggleConnection | UpdateConnectionFields)


class OperationKind(ABC, Generic[W, R]):
    """One kind of command `W` on a target of type `R`: its operations, and its specific behaviour."""

    @property
    @abstractmethod
    def operations(self) -> tuple[Operation, ...]:
        """Its rows of the table; several if the command decides which, such as start and stop."""

    @property
    @abstractmethod
    def commands(self) -> tuple[type[W], ...]:
        """The types of its commands."""

    @property
    @abstractmethod
    def row(self) -> type[R]:
        """The type of its target, as the server reports it."""

    @property
    @abstractmethod
    def topics(self) -> tuple[Topic, ...]:
        """What must be read before it is planned; the last one holds its baseline."""

    acts_on: ActsOn = ActsOn.ROW
    settings: tuple[Setting, ...] = ()
    """What a user can set as text."""
    needs_whole_row: bool = True
    """Whether a target whose row was read in part cannot be changed; else its identifier is enough."""
    unseen: str = ""
    """Why reading the target cannot show whether it was applied; empty if it can."""
    before_again: str = LOOK_FIRST
    """What to do before it is sent again after a lost response."""
    does_same_again: bool = True
    """Whether a later one with the same values does what a lost one may not have done."""
    creates: bool = False
    is_watched: bool = False
    """Whether its response only says *requested*: the state is watched for the effect."""
    is_read_after: bool = False
    """Whether the target is read again because the response proves little."""
    no_way_back: Refusal = NOT_KNOWN
    """Why none of its commands can be undone."""
    flips: bool = False
    """Whether each call inverts the current state, so that a second one undoes the first."""

    # What it is.

    def is_course(self, shown: Proposal, now: Proposal) -> bool:
        """Whether a target changed only as it does by itself all the time, so that among many targets
        nobody has to confirm again.
        """
        return False

    def operation_of(self, write: W) -> Operation:
        """The operation of `write`: the first that sends it."""
        return self.operations[0]

    def belongs(self, write: W, operation_id: str) -> bool:
        return operation_id == self.operation_of(write).id

    def danger(self, write: W, operation: Operation) -> Danger:
        return operation.danger

    def parameters(self, operation_id: str) -> tuple[Setting, ...]:
        return self.settings

    @abstractmethod
    def propose(self, request: Request) -> Proposal | tuple[Proposal, ...] | Refusal:
        """The proposals of a text request, to be sent in order; or why there is nothing to do.

        Raises Wrong: with every invalid value.
        """

    # Sending.

    @abstractmethod
    async def send(self, service: ErpService, write: W) -> object:
        """Send it: the only call of the service for this kind.

        Raises ErpError: it was not done, or the result is unknown.
        """

    def masked(self, write: W, preview: RequestPreview) -> RequestPreview:
        """The request as it may be shown: without possible secrets."""
        return preview

    def to_json(self, write: W) -> Sent:
        """Its values for the audit trail, without secrets and file contents."""
        return values_of(write)

    def from_json(self, operation_id: str, target: str, sent: Sent) -> W | None:
        """The command recorded as `sent`; None if the trail does not hold all of it.

        Raises KeyError, TypeError, ValueError: `sent` does not have the form that `to_json` writes.
        """
        (command,) = self.commands
        return restored(command, target, sent)

    def in_undo(self, operation_id: str, target: str, sent: Sent) -> W | None:
        """As `from_json`, but a possible secret may be missing: it is not sent, only undone.

        Raises KeyError, TypeError, ValueError: as `from_json`.
        """
        return self.from_json(operation_id, target, sent)

    # Its target.

    def wanted(self, write: W) -> Mapping[str, str]:
        """The requested values in words, by the keys of its baseline."""
        return {}

    def baseline(self, write: W, row: TargetRow | None) -> Baseline:
        """The baseline values of `row`; empty without a row."""
        return baseline_of(row)

    def in_store(self, write: W, store: Store) -> Present | None:
        """The target as the store has it now; None if the store does not know. Sends no request."""
        return None

    async def on_server(self, write: W, server: Reread, since: float) -> TargetRow | None:
        """The target from a response that was requested after `since`; None if it does not exist.

        Raises ErpError: the target could not be read.
        """
        return None

    def rebase(self, proposal: Proposal, write: W, row: TargetRow | None) -> Planned:
        """The same change on `row`, the current target; or why nothing is left to send.

        `proposal`: the earlier one, resting on the new data.
        """
        return self.rebased(proposal, write, row) if isinstance(row, self.row) else GONE

    def rebased(self, proposal: Proposal, write: W, row: R) -> Planned:
        """`rebase` on a target of its own type."""
        return GONE

    # Its effect.

    def refused(self, result: object) -> Refusal | None:
        """Why a response with a success status is a refusal; None if it is not."""
        return WITHOUT_REASON if result is False else None

    def accepted(self, write: W) -> str:
        """The sentence if success only means *accepted*; empty if it means *applied*."""
        return "accepted" if self.is_read_after else ""

    def shows_effect(self, write: W) -> bool:
        """Whether its effect can be observed; if not, its best result is *accepted*."""
        return True

    def queues(self, write: W) -> bool:
        """Whether it queues a batch task, whose number is not reported."""
        return False

    def renamed(self, write: W, row: object) -> Mapping[str, str]:
        """A sentence if the server gave a new target another name, by the key of the name."""
        return {}

    def why_ignored(
        self, write: W, missing: Collection[str], preview: RequestPreview, result: object
    ) -> str:
        """The setting to change if the server ignored the values `missing`, by key; empty if none is."""
        return ""

    def verify(self, write: W, row: TargetRow | None, before: Mapping[str, str]) -> Judgement:
        """Judge the write by its target as it is now; `before`: the previous values, by key or label."""
        if self.is_watched:
            now = self.baseline(write, row)
            verb = self.operation_of(write).id.rpartition(".")[2]
            return not_seen(verb, now) if self.is_opposite(write, row) else by_state(now, self.unseen)
        if self.unseen:
            return UNKNOWN, self.unseen
        if row is None:
            return UNKNOWN, "it is no longer listed"
        return by_values(self.wanted(write), self.baseline(write, row), before)

    def is_opposite(self, write: W, row: TargetRow | None) -> bool:
        """Whether its target is in a state that it does not lead to, if it `is_watched`."""
        return False

    def watch(self, proposal: Proposal, write: W, asked_at: datetime) -> Watch | None:
        """What watches its state for the effect, if `is_watched`; `asked_at`: by the system's clock."""
        return None

    def requested(self, write: W) -> str:
        """`stop requested`: a request to the engine in the list of these; empty for other targets."""
        return ""

    def turns_on(self, write: W) -> bool | None:
        """Whether it lets its target run (True) or stops it (False); None: neither."""
        return None

    # Its undo.

    def row_before(self, proposal: Proposal, write: W) -> object:
        """The target as the proposal knew it; None if it did not."""
        known = proposal.rests_on.data if proposal.rests_on else None
        if proposal.status_before is not None or not isinstance(known, tuple):
            return proposal.status_before or known
        return next((row for row in known if row.id == target_of(write)), None)

    def values(self, write: W, row: object) -> Sent:
        """The exact values of the target that `invert` needs, by name, for the audit trail: without
        secrets, and without those that were not reported or cannot be sent as they are."""
        return {}

    def invert(self, change: AppliedChange, write: W, store: Store) -> Planned:
        """The proposal that undoes `change`, from current data; or why there is none."""
        return self.no_way_back


class ExtensionKind(OperationKind[OfExtension, Extension]):
    row = Extension
    topics = (Topic.EXTENSIONS,)

    def in_store(self, write: OfExtension, store: Store) -> Present | None:
        return found(store.snapshot(Topic.EXTENSIONS), write.id)

    async def on_server(self, write: OfExtension, server: Reread, since: float) -> Extension | None:
        return await server.extension(write.id, since)


class ConnectionKind(OperationKind[OfConnection, Connection]):
    row = Connection
    topics = (Topic.CONNECTIONS,)

    def in_store(self, write: OfConnection, store: Store) -> Present | None:
        return found(store.snapshot(Topic.CONNECTIONS), str(write.connection_id))

    async def on_server(self, write: OfConnection, server: Reread, since: float) -> Connection | None:
        return await server.connection(write.connection_id, since)


class EngineKind(OperationKind[W, EngineStatus]):
    row = EngineStatus
    topics = (Topic.ENGINE,)
    acts_on = ActsOn.ENGINE

    def in_store(self, write: W, store: Store) -> Present | None:
        engine = store.snapshot(Topic.ENGINE)
        return None if engine.data is None else Present(engine.data, False, engine)

    async def on_server(self, write: W, server: Reread, since: float) -> EngineStatus:
        return await server.engine(since)
