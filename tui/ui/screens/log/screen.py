"""Log: which fields ErpSync changed, the newest first, from its archive.

It is read when the screen is shown and on refresh, a page at a time; its age is always shown.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.sync_log import SyncLog, SyncLogEntry
from tui.presentation.columns import LOG, Column, on_screen
from tui.presentation.log import Names
from tui.store.snapshot import Snapshot, Topic
from tui.ui.bindings import list_bindings
from tui.ui.host import Handler
from tui.ui.modals.details.details import Details
from tui.ui.screens.list_row import ListRow
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.list_status import NO_ROW
from tui.ui.screens.log import rows as log_rows

if TYPE_CHECKING:
    from tui.domain.history.records import Subject


class LogScreen(ListScreen[SyncLogEntry], inherit_bindings=False):
    BINDINGS: ClassVar[list[BindingType]] = list_bindings("log.more")
    TAB = "Log"
    TOPICS = (Topic.SYNC_LOG,)
    COLUMNS: ClassVar[Sequence[Column]] = on_screen(LOG)
    NOUN = ("change", "changes")
    EMPTY = "The log has no changes."
    MORE_FIELDS = ("source", "target")
    NAMES_TARGETS = True
    HAS_SIDE = False
    """The row holds all that is known of a change."""
    AGES: ClassVar[Mapping[str, str]] = {"age": "age", "when": "when"}

    def targets(self) -> Sequence[SyncLogEntry] | None:
        if self._log is None or self.past is None:
            return None if self._log is None else self._log.entries
        until = self.past.at
        return [one for one in self._log.entries if one.at.at is not None and one.at.at <= until]

    @property
    def _snapshot(self) -> Snapshot[SyncLog]:
        """The log keeps its own past: it is the same one whatever time is looked at."""
        return self.session.core.store.snapshot(Topic.SYNC_LOG) if self.session.core else Snapshot()

    @property
    def _log(self) -> SyncLog | None:
        return self._snapshot.data

    @property
    def _connections(self) -> Sequence[Connection]:
        core = self.session.core
        return core.store.snapshot(Topic.CONNECTIONS).data or () if core else ()

    def banner(self) -> str:
        """Of a past time, that its entries come from what was read of the log now."""
        if self.past is None:
            return ""
        return "Changes up to this time, of those read now; m reads older ones"

    def key_of(self, target: SyncLogEntry) -> str:
        return str(target.number)

    def lister(self, now: datetime) -> Callable[[SyncLogEntry], ListRow]:
        names = self._names
        return lambda entry: log_rows.listed(entry, names, now)

    def context(self) -> object:
        return self._names

    def details(self, target: SyncLogEntry) -> Details:
        return Details(log_rows.facts(target, self._names, self.now()), target.raw)

    def whole(self, target: SyncLogEntry) -> str:
        """What is cut in its row."""
        cells = self._row(self.key_of(target)).cells
        return " · ".join(cell for cell in cells if cell not in self.rows.whole_cells)

    def title_of(self, target: SyncLogEntry) -> str:
        return " · ".join(("Change", *filter(None, (target.field, target.at.plain))))

    def named_target(self) -> "Subject | str":
        """The connection, which the log names by its number or its name."""
        from tui.session.why.known import of_connection

        entry = self.target
        if entry is None:
            return NO_ROW
        named = [one for one in self._connections if entry.connection in (str(one.id), one.name)]
        return of_connection(named[0]) if len(named) == 1 else "its connection is not listed"

    _names: Names = MappingProxyType({})

    def rebuild_rows(self) -> None:
        self._names = {str(one.id): one.name for one in self._connections if one.name}
        super().rebuild_rows()

    def snapshot_changed(self, topic: Topic) -> None:
        super().snapshot_changed(topic)
        if topic is Topic.CONNECTIONS:
            self.rebuild_rows()

    def look_at_clock(self) -> None:
        """The status line shows whether a response is awaited."""
        super().look_at_clock()
        self._show_status()

    def status_parts(self) -> Sequence[str]:
        """That there is more stands beside the count: a filter sees only what was read."""
        count, *others = super().status_parts()
        return (count, self._more_note(), *others)

    def incomplete_note(self) -> str:
        log, at = self._log, self._snapshot.fetched_at
        if log is None:
            return ""
        notes = (
            f"as of {at:%H:%M:%S} UTC" if at else "",
            "" if log.sorted else "in the server's order",
            "changed since: r" if log.moved else "",
        )
        return " · ".join(filter(None, notes))

    def _more_note(self) -> str:
        core, log = self.session.core, self._log
        if core is not None and core.poller.is_asking(Topic.SYNC_LOG):
            return "requesting…"
        return "more: m" if log is not None and log.next else ""

    def handlers(self) -> dict[str, Handler]:
        return {**super().handlers(), "log.more": self._more}

    def ask_again(self) -> None:
        super().ask_again()
        self.core.poller.ask_again(Topic.SYNC_LOG)

    def _more(self) -> str:
        poller, log = self.core.poller, self._log
        if log is None:
            return "nothing received yet, so there is no next page"
        if poller.is_asking(Topic.SYNC_LOG):
            return "a response is already awaited"
        if not log.next:
            return "the server reported no further page"
        poller.more(Topic.SYNC_LOG)
        self._show_status()
        return ""
