"""Connections: the ErpSync connections as the server lists them, and what more it tells of each.

Summaries are asked for what is in sight; a configuration value only in its own dialog.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType

from tui.domain.attention import of_all_connections
from tui.domain.connections import Concealed, ConfigField
from tui.domain.engine import Connection
from tui.domain.health import Verdict
from tui.ops import plans_connections
from tui.ops.proposal import Proposal
from tui.ops.unfit import DOUBLED
from tui.store.answers import Heard
from tui.store.connections import ConnectionsBook
from tui.store.snapshot import Topic
from tui.ui.keys import MARKS, list_bindings
from tui.ui.modals.config_fields import ConfigFieldsDialog
from tui.ui.modals.connection_details import ConnectionDetailsDialog
from tui.ui.modals.details import Details
from tui.ui.modals.priorities import PrioritiesDialog
from tui.ui.screens import connection_rows
from tui.ui.screens.connection_rows import Seen
from tui.ui.screens.listed import Listed
from tui.ui.screens.marked import Marked, MarkedListScreen
from tui.ui.screens.resync import open_resync
from tui.ui.widgets.columns import CONNECTIONS, Column

_ONE_BY_ONE = (
    "on/off acts on one connection: what the server has is flipped, so each is read before and after."
    " - takes the marks away; to halt all of them, stop the engine"
)


class ConnectionsScreen(MarkedListScreen[Connection], inherit_bindings=False):
    """The list of connections."""

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
    COLUMNS: ClassVar[Sequence[Column]] = CONNECTIONS
    NOUN = ("connection", "connections")
    MORE_FIELDS = ("guid",)
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {"health": "health", "name": "connection"}
    AGES: ClassVar[Mapping[str, str]] = {"age": "age", "last_sync": "last_sync"}
    NUMBERS: ClassVar[Mapping[str, str]] = {"id": "id"}
    WITH_MARKS = frozenset({"connection.toggle"})
    _deleted_too = False

    def things(self) -> Sequence[Connection] | None:
        """What the server listed."""
        core = self.desk.core
        known = None if core is None else core.store.snapshot(Topic.CONNECTIONS).data
        return known if known is None or self._deleted_too else [o for o in known if not o.deleted]

    def key_of(self, thing: Connection) -> str:
        """The connection's number."""
        return str(thing.id)

    def lister(self, now: datetime) -> Callable[[Connection], Listed]:
        """How a connection's row is made: by what is known beside the list at that moment."""
        return lambda connection: connection_rows.listed(connection, self._seen(connection), now)

    def context(self) -> object:
        """Summaries, tests and names of connectors, and which are inactive as expected."""
        return (self._book.version, self._book.expected) if self._book else None

    def details(self, thing: Connection, now: datetime) -> Details:
        """Everything known of it; configuration values are masked."""
        return Details(
            connection_rows.facts(thing, self._seen(thing), now), _raw(thing, self._seen(thing))
        )

    def about_all(self) -> Sequence[Verdict]:
        """That no connection was reported, if so."""
        return of_all_connections(self._things.values())

    def absolute(self, thing: Connection) -> Mapping[str, str]:
        """Since when it is inactive, its last sync, and when it was tested."""
        return connection_rows.absolute_cells(thing, self._seen(thing), self.desk.clock())

    def title_of(self, thing: Connection) -> str:
        """Number and name."""
        return f"Connection {thing.id} · {thing.name}"

    def status_parts(self) -> Sequence[str]:
        """What every list says, and whether deleted ones are listed."""
        return (*super().status_parts(), "with deleted ones" if self._deleted_too else "")

    # What is known beside the list.

    @property
    def _book(self) -> ConnectionsBook | None:
        return self.desk.core.connections if self.desk.core else None

    def _seen(self, connection: Connection) -> Seen:
        book = self._book
        if book is None:
            return Seen()
        connector = connection.connector_id
        return Seen(
            book.summaries.of(connection.id),
            book.connector(connector),
            Heard() if connector is None else book.fields.of(connector),
            book.tests.of(connection.id),
            book.inactive_for(connection.id),
            connection.id in book.expected,
        )

    def look_at_clock(self) -> None:
        """Ask for what is in sight and due, too."""
        super().look_at_clock()
        core = self.desk.core
        if core is not None and self.deck_app.deck is self and not core.poller.paused:
            core.connections.want(self._in_sight())

    def ask_again(self) -> None:
        """Get the newest of everything now, also of each connection in sight."""
        super().ask_again()
        if self._book is not None:
            self._book.ask_again(self._in_sight())

    def _in_sight(self) -> Sequence[int]:
        rows = self.rows
        top = rows.scroll_offset.y
        keys = rows.keys[top : top + rows.size.height]
        things = (self._things[key] for key in keys if key in self._things)
        return [thing.id for thing in things if thing.id > 0]

    # Operations.

    def handlers(self) -> dict[str, Callable[[], None]]:
        """List operations, and what can be done to connections."""
        return {
            **super().handlers(),
            "connection.toggle": self.on_marked(self._toggle, lambda _marked: self.notice(_ONE_BY_ONE)),
            "connection.test": self.on_marked(self._test, self._test_all),
            "connection.update-fields": self.on_target(self._update_fields),
            "connection.priorities": self._priorities,
            "connection.deleted": self._turn_deleted,
            "engine.force-resync": self.on_target(self._resync),
        }

    def _toggle(self, connection: Connection) -> None:
        self._propose(connection, plans_connections.toggle(connection, self.seen(Topic.CONNECTIONS)))

    def _update_fields(self, connection: Connection) -> None:
        rests_on = self.seen(Topic.CONNECTIONS)
        self._propose(connection, plans_connections.update_fields(connection, rests_on))

    def _propose(self, connection: Connection, proposal: Proposal | str) -> None:
        if isinstance(proposal, str):
            self.notice(f"{plans_connections.named(connection)}: {proposal}")
        else:
            self.review(proposal)

    def _test(self, connection: Connection) -> None:
        self._test_all(Marked((connection,), ()))

    def _test_all(self, marked: Marked[Connection]) -> None:
        fit = [one.id for one in marked.things if one.id > 0 and not one.deleted]
        left = len(marked.things) - len(fit)
        if self._book is not None and fit:
            self._book.tests.ask(fit)
        if left:
            self.notice(f"{left} not tested: deleted, or without a number that can be read")

    def _priorities(self) -> None:
        snapshot = self.seen(Topic.CONNECTIONS)
        listed = snapshot.data if isinstance(snapshot.data, tuple) else None
        reason = plans_connections.unordered(listed)
        if reason or listed is None:
            self.notice(f"Priorities: {reason}")
        else:
            self.app.push_screen(PrioritiesDialog(self.desk, listed, snapshot))

    def _turn_deleted(self) -> None:
        self._deleted_too = not self._deleted_too
        if self.desk.core is not None:
            self.desk.core.poller.include_deleted(self._deleted_too)
        self.list_anew()

    def _resync(self, connection: Connection) -> None:
        if connection.deleted:
            self.notice("it is deleted, so it cannot be the source")
        elif connection.doubled:
            self.notice(f"{plans_connections.named(connection)}: {DOUBLED}")
        elif connection.problem is not None:
            self.notice(
                "its row could not be read, so it cannot be the source: press f on the Engine screen"
            )
        else:
            open_resync(self, connection.id)

    # Details.

    def _open_details(self, thing: Connection) -> None:
        key = self.key_of(thing)
        if self._book is not None and thing.connector_id is not None:
            self._book.fields.want([thing.connector_id])

        def read() -> Details | None:
            current = self._things.get(key)
            return None if current is None else self.details(current, self.now())

        def open_fields() -> None:
            current = self._things.get(key, thing)
            self._open_fields(current)

        self.app.push_screen(ConnectionDetailsDialog(self.title_of(thing), read, self.copy, open_fields))

    def _open_fields(self, connection: Connection) -> None:
        core = self.desk.core
        if core is None:
            return

        def read() -> Sequence[ConfigField]:
            return connection_rows.fields_of(connection, self._seen(connection).fields)

        async def ask() -> Mapping[str, Concealed]:
            return await core.service.connection_fields(connection.id)

        self.app.push_screen(ConfigFieldsDialog(self.title_of(connection), read, ask))


def _raw(connection: Connection, seen: Seen) -> Mapping[str, object]:
    """What came of it, by the call that brought it."""
    if seen.summary.data is None:
        return connection.raw
    return {**connection.raw, "GetErpSyncConnectionSummary": seen.summary.data.raw}
