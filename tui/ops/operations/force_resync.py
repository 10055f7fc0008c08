"""Copies records one way between an ERP connection and CRM."""

from dataclasses import replace

from tui.api.service import ErpService
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import ForceResync, ForceResyncExternal, Resync
from tui.ops.audit.json_values import EVERYTHING, Sent, if_so, keys, number, text, truth
from tui.ops.execution.verification import COMPARE_RECORDS
from tui.ops.operations.base import ConnectionKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import not_active, resync
from tui.ops.refusal import Refusal
from tui.ops.targets.from_store import Present
from tui.ops.text_commands.request import Request
from tui.ops.text_commands.resync_from_text import RESYNC_SETTINGS, calls_for
from tui.store.snapshot import Topic
from tui.store.store import Store


class ForceResyncKind(ConnectionKind[Resync]):
    operations = (OPERATIONS["engine.force-resync"],)
    commands = (ForceResync, ForceResyncExternal)
    no_way_back = Refusal("a resync cannot be undone: the overwritten values are not kept")
    settings = RESYNC_SETTINGS
    does_same_again = False  # it has other keys
    unseen = "a resync leaves no trace that could be checked"
    before_again = COMPARE_RECORDS

    async def send(self, service: ErpService, write: Resync) -> object:
        return await service.superoffice.force_resync(write)

    def to_json(self, write: Resync) -> Sent:
        sent = list(write.keys) or EVERYTHING
        if isinstance(write, ForceResyncExternal):
            named = {"actor_type": write.actor_type, "external_keys": sent}
            return {**named, **if_so(no_blanks=write.no_blanks)}
        return {"keys": sent, **if_so(no_blanks=write.no_blanks, as_batch=write.as_batch)}

    def from_json(self, operation_id: str, target: str, sent: Sent) -> Resync:
        source, no_blanks = int(target), truth(sent.get("no_blanks", False))
        if "actor_type" in sent:
            external = tuple(map(text, keys(sent["external_keys"])))
            return ForceResyncExternal(source, text(sent["actor_type"]), external, no_blanks)
        numbers = tuple(map(number, keys(sent["keys"])))
        return ForceResync(source, numbers, no_blanks, truth(sent.get("as_batch", False)))

    def in_store(self, write: Resync, store: Store) -> Present | None:
        if isinstance(write, ForceResync) and write.connection_id == 0:
            return None
        return super().in_store(write, store)

    def accepted(self, write: Resync) -> str:
        batch = "accepted: queued as a batch task (number not reported)"
        return batch if isinstance(write, ForceResync) else ""

    def shows_effect(self, write: Resync) -> bool:
        return not self.queues(write)

    def queues(self, write: Resync) -> bool:
        return isinstance(write, ForceResync) and write.as_batch

    def turns_on(self, write: Resync) -> bool:
        return True

    def rebased(self, proposal: Proposal, write: Resync, row: Connection) -> Proposal:
        """What is said of the key list stays."""
        fresh = resync(write, (row,), proposal.rests_on)
        others = (one for one in proposal.warnings if one != not_active(write.connection_id))
        return replace(fresh, consequences=proposal.consequences, warnings=(*fresh.warnings, *others))

    def propose(self, request: Request) -> tuple[Proposal, ...] | Refusal:
        source = request.target_as(Connection)
        known = request.store.snapshot(Topic.CONNECTIONS).data
        return calls_for(source, request.texts, known, request.rests_on, request.sources)
