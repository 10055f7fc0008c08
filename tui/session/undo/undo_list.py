"""The changes of the last 24 hours that can be undone, from the audit trail as it was read last."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ops.audit.entries import History
    from tui.ops.proposals.bulk import BulkPlan
    from tui.ops.refusal import Refusal
    from tui.ops.undo.applied_change import AppliedChange
    from tui.ops.undo.changes import ChangeSet, Reversal
    from tui.session.audit_view import AuditView
    from tui.session.session_view import SessionView
    from tui.store.snapshot import Topic
    from tui.store.store import Store

_FRESH = timedelta(hours=1)
"""Changes that are mentioned when the console is left."""


class UndoList:
    def __init__(self, session: "SessionView", trail: "AuditView") -> None:
        self._session, self._trail = session, trail
        self._read: tuple[History | None, Sequence[ChangeSet]] = (None, ())
        self._followed: Store | None = None
        self._awaited: dict[Topic, AppliedChange] = {}
        """The newest change for which a list was requested."""

    def sets(self) -> "Sequence[ChangeSet]":
        """What was changed, newest first."""
        history = self._trail.history
        if history is None:
            return ()
        if self._read[0] is not history:
            from tui.ops.undo.changes import change_sets

            self._read = history, change_sets(history, self._session.clock())
        return self._read[1]

    def reversals(self, one: "ChangeSet") -> "tuple[Reversal, ...]":
        """How each of it is undone now, or redone if it is undone."""
        from tui.ops.undo.changes import reversal

        core = self._session.core
        if core is None:
            return ()
        return tuple(reversal(change, core.store, core.facts) for change in one.changes)

    def request_list(self, change: "AppliedChange") -> None:
        """Have the list read again that shows its target; the store announces it, changed or not."""
        from tui.ops.operations.kinds import kind_for

        core, kind = self._session.core, kind_for(change.operation)
        if core is None or kind is None:
            return
        if self._followed is not core.store:
            self._followed, self._awaited = core.store, {}
            core.store.on_polled(partial(self._polled, core.store))
        for topic in kind.topics:
            known = self._awaited.get(topic, change)
            self._awaited[topic] = max(known, change, key=lambda one: one.at)
        core.poller.refresh(*kind.topics)

    def _polled(self, store: "Store", topic: "Topic", *_: object) -> None:
        """A list that still shows the same was read since the change all the same."""
        from tui.ops.undo.applied_change import is_newer

        awaited = self._awaited.get(topic)
        if awaited is not None and is_newer(store.snapshot(topic), awaited):
            del self._awaited[topic]
            store.announce(topic)

    def plan(self, key: str, verb: str, targets: "Sequence[str]") -> "BulkPlan | Refusal":
        """The undo of these targets of a set on current data, or their redo; or why there is none."""
        from tui.domain.writes import target_of
        from tui.ops.undo.changes import plan_of

        found = (back for one in self.sets() if one.key == key for back in self.reversals(one))
        redoes = verb == "Redo"
        return plan_of(
            [
                one
                for one in found
                if one.change.is_undone is redoes
                and one.change.first.write is not None
                and target_of(one.change.first.write) in targets
            ],
            verb,
        )

    def parting_words(self) -> str:
        """What to say when the console is left; empty where nothing can be undone."""
        history, since = self._trail.history, self._session.clock() - _FRESH
        if (
            history is None
            or not self._trail.lasts
            or not any(entry.at > since for entry in history.entries)
        ):
            return ""
        fresh = (one for one in self.sets() if one.first.at > since)
        left = sum(back.is_left for one in fresh for back in self.reversals(one))
        if not left:
            return ""
        changes = "1 change" if left == 1 else f"{left} changes"
        return (
            f"{changes} of the last hour on {self._session.facts.name} can be undone:"
            " press u at the next start"
        )
