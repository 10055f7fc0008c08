"""The interface of a kind of operation; each kind is one module.

The table (`registry.py`: ids, keys, titles) is separate because the first frame draws its keys from
it. The kinds and their imports are loaded at the first look-up (`kinds.py`).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, TypeVar

from tui.api.service import ErpService
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
)
from tui.ops.audit.json_values import Sent
from tui.ops.execution.verification import LOOK_FIRST, UNKNOWN, Judgement, by_values
from tui.ops.operations.operation import Operation
from tui.ops.proposals.proposal import GONE, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.from_server import Reread
from tui.ops.targets.from_store import Present, found
from tui.ops.targets.target import TargetRow, baseline_of
from tui.ops.text_commands.request import Request
from tui.ops.text_commands.setting import Setting
from tui.ops.undo.applied_change import NOT_KNOWN, AppliedChange, Before
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

W = TypeVar("W", bound=Write)
OfExtension = TypeVar("OfExtension", bound=UpdateExtension | PushManifest | DeleteExtension)
OfConnection = TypeVar("OfConnection", bound=Resync | ToggleConnection | UpdateConnectionFields)


class OperationKind(ABC, Generic[W]):
    """One kind of command: its operations, and its specific behaviour."""

    @property
    @abstractmethod
    def operations(self) -> tuple[Operation, ...]:
        """Its rows of the table; several if the command decides which, such as start and stop."""

    @property
    @abstractmethod
    def commands(self) -> tuple[type[W], ...]:
        """The types of its commands."""

    unseen: str = ""
    """Why reading the target cannot show whether it was applied; empty if it can."""
    before_again: str = LOOK_FIRST
    """What to do before it is sent again after a lost response."""
    creates: bool = False
    """Whether it creates its target."""
    is_watched: bool = False
    """Whether its response only says *requested*: the state is watched for the effect."""
    is_read_after: bool = False
    """Whether the target is read again because the response proves little."""
    no_way_back: Refusal = NOT_KNOWN
    """Why none of its commands can be undone."""
    flips: bool = False
    """Whether each call inverts the current state, so that a second one undoes the first."""

    def operation_of(self, write: W) -> Operation:
        """The operation of `write`: the first that sends it."""
        return self.operations[0]

    def belongs(self, write: W, operation_id: str) -> bool:
        return operation_id == self.operation_of(write).id

    def consequence(self, write: W, operation: Operation) -> str:
        """The consequence of `operation` in the ERP's terms, refined by the values of `write`."""
        return operation.consequence

    @abstractmethod
    async def send(self, service: ErpService, write: W) -> object:
        """Send it: the only call of the service for this kind.

        Raises:
            ErpError: it was not done, or the result is unknown.
        """

    @abstractmethod
    def to_json(self, write: W) -> Sent:
        """Its values for the audit trail, without secrets and file contents."""

    def from_json(self, operation_id: str, target: str, sent: Sent) -> W | None:
        """The command recorded as `sent`; None if the trail does not hold all of it.

        Raises:
            KeyError, TypeError, ValueError: `sent` does not have the form that `to_json` writes.
        """
        return None

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

        Raises:
            ErpError: the target could not be read.
        """
        return None

    def parameters(self, operation_id: str) -> tuple[Setting, ...]:
        """The settings of the operation of that id."""
        return ()

    @abstractmethod
    def propose(self, request: Request) -> Proposal | tuple[Proposal, ...] | Refusal:
        """The proposals of a text request, to be sent in order; or why there is nothing to do.

        Raises:
            Wrong: with every invalid value.
        """

    def refused(self, result: object) -> Refusal | None:
        """Why a response with a success status is a refusal; None if it is not."""
        return None

    def accepted(self, write: W) -> str:
        """The sentence if success only means *accepted*; empty if it means *applied*."""
        return "accepted" if self.is_read_after else ""

    def renamed(self, write: W, row: object) -> Mapping[str, str]:
        """A sentence if the server gave a new target another name, by the key of the name."""
        return {}

    def verify(self, write: W, row: TargetRow | None, before: Mapping[str, str]) -> Judgement:
        """Judge the write by its target as it is now; `before`: the previous values, by key or label."""
        if self.unseen:
            return UNKNOWN, self.unseen
        if row is None:
            return UNKNOWN, "it is no longer listed"
        return by_values(self.wanted(write), self.baseline(write, row), before)

    def rebase(
        self, proposal: Proposal, write: W, row: TargetRow | None, rests_on: Snapshot[object]
    ) -> Proposal | Refusal:
        """The same change on `row`, the current target; or why nothing is left to send."""
        return GONE

    def before(self, proposal: Proposal) -> Before:
        """The previous values that `invert` needs, if they were known."""
        return None

    def invert(self, change: AppliedChange, write: W, store: Store) -> Proposal | Refusal:
        """The proposal that undoes `change`, from current data; or why there is none."""
        return self.no_way_back


class ExtensionKind(OperationKind[OfExtension]):
    """A kind whose target is one extension."""

    def in_store(self, write: OfExtension, store: Store) -> Present | None:
        return found(store.snapshot(Topic.EXTENSIONS), write.id)

    async def on_server(self, write: OfExtension, server: Reread, since: float) -> Extension | None:
        return await server.extension(write.id, since)


class ConnectionKind(OperationKind[OfConnection]):
    """A kind whose target or source is one connection."""

    def in_store(self, write: OfConnection, store: Store) -> Present | None:
        return found(store.snapshot(Topic.CONNECTIONS), str(write.connection_id))

    async def on_server(self, write: OfConnection, server: Reread, since: float) -> Connection | None:
        return await server.connection(write.connection_id, since)


class EngineKind(OperationKind[W]):
    """A kind whose target is the engine."""

    def in_store(self, write: W, store: Store) -> Present | None:
        engine = store.snapshot(Topic.ENGINE)
        return None if engine.data is None else Present(engine.data, False, engine)

    async def on_server(self, write: W, server: Reread, since: float) -> EngineStatus:
        return await server.engine(since)
