"""Connections: the ErpSync connections as the server lists them, and what more it reports of each.

Summaries are read for the rows in sight; a configuration value only in its own dialog.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from tui.domain.health.attention import of_all_connections
from tui.domain.health.rules import Verdict
from tui.domain.superoffice.connections import Concealed, ConfigField
from tui.domain.superoffice.engine import Connection
from tui.ops.operations.save_priorities import unordered
from tui.ops.operations.toggle_connection import toggle
from tui.ops.operations.update_fields import update_fields
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import DOUBLED, named
from tui.presentation.columns import CONNECTIONS, Column, on_screen
from tui.presentation.connections import ConnectionExtras
from tui.store.connection_details import ConnectionsBook
from tui.store.on_demand import OnDemandValue
from tui.store.snapshot import Snapshot, Topic
from tui.ui.bindings import MARKS, list_bindings
from tui.ui.host import Handler
from tui.ui.modals.details.config_fields import ConfigFieldsDialog, ConnectionDetailsDialog
from tui.ui.modals.details.details import Details, DetailsDialog
from tui.ui.modals.review.priorities import PrioritiesDialog
from tui.ui.screens.connections import rows as connection_rows
from tui.ui.screens.list_row import ListRow
from tui.ui.screens.marked_targets import MarkedTargets
from tui.ui.screens.marking import MarkedListScreen
from tui.ui.screens.resync_dialogs import open_resync

_ONE_BY_ONE = (
    "on/off acts on one connection, because each is read before and after."
    " - clears the marks; to halt all of them, stop the engine"
)


class ConnectionsScreen(MarkedListScreen[Connection], inherit_bindings=False):
    BINDINGS: ClassVar[list[BindingType]] = list_bindings(
        "connection.toggle",
        "connection.test",
        "engine.force-resync",
        "connection.update-fields",
        "connection.priorities",
        "connection.deleted",
        *MARKS,
    )
    TAB = "Connections"
    TOPICS = (Topic.CONNECTIONS,)
    HISTORY_OF = "connection"
    COLUMNS: ClassVar[Sequence[Column]] = on_screen(CONNECTIONS)
    NOUN = ("connection", "connections")
    MORE_FIELDS = ("guid",)
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {"health": "health", "name": "connection"}
    AGES: ClassVar[Mapping[str, str]] = {name: name for name in ("age", "last_sync", "since")}
    NUMBERS: ClassVar[Mapping[str, str]] = {"id": "id"}
    WITH_MARKS = frozenset({"connection.toggle"})
    _deleted_too = False

    def targets(self) -> Sequence[Connection] | None:
        known = self.session.store.snapshot(Topic.CONNECTIONS).data
        return known if known is None or self._deleted_too else [o for o in known if not o.deleted]

    def key_of(self, target: Connection) -> str:
        return str(target.id)

    def lister(self, now: datetime) -> Callable[[Connection], ListRow]:
        return lambda one: connection_rows.listed(
            one, self._seen(one), now, self.aside(self.key_of(one))
        )

    def context(self) -> object:
        """Summaries, tests and names of connectors, and which are inactive as expected; of a past time
        only the last."""
        if self.past is not None:
            return self.past.expected
        return (self._book.version, self._book.expected) if self._book else None

    def details(self, target: Connection) -> Details:
        """Configuration values are masked."""
        seen = self._seen(target)
        return Details(tuple(connection_rows.facts(target, seen, self.now())), _raw(target, seen))

    def about_all(self) -> Sequence[Verdict]:
        return of_all_connections(self._targets.values())

    def absolute(self, target: Connection) -> Mapping[str, str]:
        return connection_rows.absolute_cells(target, self._seen(target), self.session.clock())

    def title_of(self, target: Connection) -> str:
        return f"Connection {target.id} · {target.name}"

    def status_parts(self) -> Sequence[str]:
        return (*super().status_parts(), "with deleted ones" if self._deleted_too else "")

    @property
    def _book(self) -> ConnectionsBook | None:
        return self.session.core.connections if self.session.core else None

    def _seen(self, connection: Connection) -> ConnectionExtras:
        book, past = self._book, self.past
        if past is not None:
            return ConnectionExtras(expected=connection.id in past.expected, is_past=True)
        if book is None:
            return ConnectionExtras()
        connector = connection.connector_id
        return ConnectionExtras(
            book.summaries.of(connection.id),
            book.connector(connector),
            OnDemandValue() if connector is None else book.fields.of(connector),
            book.tests.of(connection.id),
            book.inactive_for(connection.id),
            connection.id in book.expected,
            covered=self.session.covered,
        )

    def look_at_clock(self) -> None:
        """Also read what is in sight and due."""
        super().look_at_clock()
        core = self.session.core if self.past is None else None
        if core is not None and self.is_in_front and not core.poller.paused:
            core.connections.want(self._in_sight())

    def ask_again(self) -> None:
        super().ask_again()
        self.core.connections.ask_again(self._in_sight())

    def _in_sight(self) -> Sequence[int]:
        rows = self.rows
        top = rows.scroll_offset.y
        keys = rows.keys[top : top + rows.size.height]
        targets = (self._targets[key] for key in keys if key in self._targets)
        return [target.id for target in targets if target.id > 0]

    def handlers(self) -> dict[str, Handler]:
        return {
            **super().handlers(),
            "connection.toggle": self.on_marked(
                partial(self._propose, toggle), lambda _marked: _ONE_BY_ONE
            ),
            "connection.test": self.on_marked(self._test, self._test_all),
            "connection.update-fields": self.on_target(partial(self._propose, update_fields)),
            "connection.priorities": self._priorities,
            "connection.deleted": self._turn_deleted,
            "engine.force-resync": self.on_target(self._resync),
        }

    def _propose(
        self,
        make: Callable[[Connection, Snapshot[object]], Proposal | Refusal],
        connection: Connection,
    ) -> str:
        proposal = make(connection, self.seen(Topic.CONNECTIONS))
        if isinstance(proposal, Refusal):
            return f"{named(connection)}: {proposal.sentence}"
        self.review(proposal)
        return ""

    def _test(self, connection: Connection) -> str:
        return self._test_all(MarkedTargets((connection,), ()))

    def _test_all(self, marked: MarkedTargets[Connection]) -> str:
        fit = [one.id for one in marked.targets if one.id > 0 and not one.deleted]
        left = len(marked.targets) - len(fit)
        if fit:
            self.core.connections.tests.ask(fit)
        return f"{left} not tested: deleted, or without a readable number" if left else ""

    def _priorities(self) -> str:
        snapshot = self.seen(Topic.CONNECTIONS)
        listed = snapshot.data if isinstance(snapshot.data, tuple) else None
        reason = unordered(listed)
        if reason or listed is None:
            return f"Priorities: {reason}"
        self.app.push_screen(PrioritiesDialog(self.session, listed, snapshot))
        return ""

    def _turn_deleted(self) -> None:
        self._deleted_too = not self._deleted_too
        self.core.poller.include_deleted(self._deleted_too)
        self.rebuild_rows()

    def _resync(self, connection: Connection) -> str:
        if connection.deleted:
            return "it is deleted, so it cannot be the source"
        if connection.doubled:
            return f"{named(connection)}: {DOUBLED}"
        if connection.problem is not None:
            return "its row is unreadable, so it cannot be the source: press f on the Engine screen"
        open_resync(self, connection.id)
        return ""

    def details_dialog(self, target: Connection, read: Callable[[], Details | None]) -> DetailsDialog:
        if self.past is not None:
            return super().details_dialog(target, read)
        key = self.key_of(target)
        if target.connector_id is not None:
            self.core.connections.fields.want([target.connector_id])

        def open_fields() -> None:
            self._open_fields(self._targets.get(key, target))

        return ConnectionDetailsDialog(self.title_of(target), read, open_fields)

    def _open_fields(self, connection: Connection) -> None:
        core = self.core

        def read() -> Sequence[ConfigField]:
            return connection_rows.fields_of(connection, self._seen(connection).fields)

        async def ask() -> Mapping[str, Concealed]:
            return await core.service.superoffice.connection_fields(connection.id)

        self.app.push_screen(ConfigFieldsDialog(self.title_of(connection), read, ask))


def _raw(connection: Connection, seen: ConnectionExtras) -> Mapping[str, object]:
    """The raw data, by the call that returned it."""
    if seen.summary.data is None:
        return connection.raw
    return {**connection.raw, "GetErpSyncConnectionSummary": seen.summary.data.raw}
