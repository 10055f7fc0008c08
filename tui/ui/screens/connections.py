"""Connections: the ErpSync connections as the server lists them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType

from tui.domain.engine import Connection
from tui.store.snapshot import Topic
from tui.ui.keys import list_bindings
from tui.ui.modals.details import Details
from tui.ui.screens import connection_rows
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.listed import Listed
from tui.ui.screens.resync import open_resync
from tui.ui.widgets.columns import CONNECTIONS, Column


class ConnectionsScreen(ListScreen[Connection], inherit_bindings=False):
    """The list of connections."""

    BINDINGS: ClassVar[list[BindingType]] = list_bindings("engine.force-resync")
    TAB = "Connections"
    TOPICS = (Topic.CONNECTIONS,)
    COLUMNS: ClassVar[Sequence[Column]] = CONNECTIONS
    NOUN = ("connection", "connections")
    MORE_FIELDS = ("guid",)

    def things(self) -> Sequence[Connection] | None:
        """What the server listed."""
        core = self.desk.core
        return None if core is None else core.store.snapshot(Topic.CONNECTIONS).data

    def key_of(self, thing: Connection) -> str:
        """The connection's number."""
        return str(thing.id)

    def listed(self, thing: Connection, now: datetime) -> Listed:
        """The connection's row."""
        return connection_rows.listed(thing)

    def details(self, thing: Connection, now: datetime) -> Details:
        """Everything known of it; configuration values are masked."""
        return Details(connection_rows.facts(thing), thing.raw)

    def title_of(self, thing: Connection) -> str:
        """Number and name."""
        return f"Connection {thing.id} · {thing.name}"

    def handlers(self) -> dict[str, Callable[[], None]]:
        """List operations, and a forced resync from the connection under the cursor."""
        return {
            **super().handlers(),
            "engine.force-resync": self.on_target(self._resync),
        }

    def _resync(self, connection: Connection) -> None:
        if connection.problem is not None:
            self.notice(
                "its row could not be read, so it cannot be the source: press f on the Engine screen"
            )
        else:
            open_resync(self, connection.id)
