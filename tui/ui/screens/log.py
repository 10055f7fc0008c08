"""Log: which fields ErpSync changed, the newest first, as its archive tells.

It is asked for when the screen is shown and on refresh, a page at a time; its age is always said.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from textual.binding import BindingType

from tui.domain.sync_log import SyncLog, SyncLogEntry
from tui.store.snapshot import Topic
from tui.ui.keys import list_bindings
from tui.ui.modals.details import Details
from tui.ui.screens import log_rows
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.listed import Listed
from tui.ui.widgets.columns import LOG, Column


class LogScreen(ListScreen[SyncLogEntry], inherit_bindings=False):
    """The list of changes."""

    BINDINGS: ClassVar[list[BindingType]] = list_bindings("log.more")
    TAB = "Log"
    TOPICS = (Topic.SYNC_LOG,)
    COLUMNS: ClassVar[Sequence[Column]] = LOG
    NOUN = ("change", "changes")
    EMPTY = "The log has no changes."
    MORE_FIELDS = ("source", "target")
    AGES: ClassVar[Mapping[str, str]] = {"age": "age", "when": "when"}

    def things(self) -> Sequence[SyncLogEntry] | None:
        """What was read so far."""
        return None if self._log is None else self._log.entries

    @property
    def _log(self) -> SyncLog | None:
        core = self.desk.core
        return None if core is None else core.store.snapshot(Topic.SYNC_LOG).data

    def key_of(self, thing: SyncLogEntry) -> str:
        """Its place in what was read."""
        return str(thing.number)

    def lister(self, now: datetime) -> Callable[[SyncLogEntry], Listed]:
        """How an entry's row is made: with the names known when the pass began."""
        names = self._names
        return lambda entry: log_rows.listed(entry, names, now)

    def context(self) -> object:
        """The names of the connections."""
        return self._names

    def details(self, thing: SyncLogEntry, now: datetime) -> Details:
        """Everything known of it."""
        return Details(log_rows.facts(thing, self._names, now), thing.raw)

    def title_of(self, thing: SyncLogEntry) -> str:
        """The field, and when."""
        return " · ".join(("Change", *filter(None, (thing.field, thing.at.plain))))

    _names: log_rows.Names = MappingProxyType({})

    def list_anew(self) -> None:
        """Rebuild the rows, with the names of the connections as far as they are known."""
        core = self.desk.core
        known = core.store.snapshot(Topic.CONNECTIONS).data if core else None
        self._names = {str(one.id): one.name for one in known or () if one.name}
        super().list_anew()

    def snapshot_changed(self, topic: Topic) -> None:
        """Follow the log, and the names of the connections."""
        super().snapshot_changed(topic)
        if topic is Topic.CONNECTIONS:
            self.list_anew()

    def look_at_clock(self) -> None:
        """The status line says whether an answer is awaited."""
        super().look_at_clock()
        self._show_status()

    def status_parts(self) -> Sequence[str]:
        """That there is more stands beside the count: a filter sees only what was read."""
        count, *others = super().status_parts()
        return (count, self._more_note(), *others)

    def incomplete_note(self) -> str:
        """Of when it is, and what is odd about it."""
        log, core = self._log, self.desk.core
        if log is None or core is None:
            return ""
        at = core.store.snapshot(Topic.SYNC_LOG).fetched_at
        notes = (
            f"as of {at:%H:%M:%S} UTC" if at else "",
            "" if log.sorted else "in the server's order",
            "changed since: r" if log.moved else "",
        )
        return " · ".join(filter(None, notes))

    def _more_note(self) -> str:
        core, log = self.desk.core, self._log
        if core is not None and core.poller.is_asking(Topic.SYNC_LOG):
            return "asking…"
        return "more: m" if log is not None and log.next else ""

    def handlers(self) -> dict[str, Callable[[], None]]:
        """List operations, and the next page."""
        return {**super().handlers(), "log.more": self._more}

    def ask_again(self) -> None:
        """Ask for the newest page; the header's engine is asked as everywhere."""
        super().ask_again()
        if self.desk.core is not None:
            self.desk.core.poller.ask_again(Topic.SYNC_LOG)

    def _more(self) -> None:
        core, log = self.desk.core, self._log
        if core is None or log is None:
            self.notice("nothing was received yet, so there is no next page")
        elif core.poller.is_asking(Topic.SYNC_LOG):
            self.notice("an answer is awaited already")
        elif not log.next:
            self.notice("the server named no further page")
        else:
            core.poller.more(Topic.SYNC_LOG)
            self._show_status()
