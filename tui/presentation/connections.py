"""ErpSync connections: the cells of a row, and the row as `--json` writes it."""

from dataclasses import field
from datetime import datetime

from tui.api.errors import ErpError, TimedOut, is_about_credentials
from tui.domain.health.problems import assess_tested
from tui.domain.health.rules import Level, Verdict
from tui.domain.maintenance.coverage import Covered
from tui.domain.superoffice.connections import ConfigField, ConnectionSummary, Connector
from tui.domain.superoffice.engine import Connection
from tui.domain.text import one_line
from tui.domain.timestamps import Moment, MomentKind, age_text
from tui.frozen import frozen
from tui.presentation.columns import CONNECTIONS, NOT_KNOWN, Cells
from tui.presentation.item import Item, PrintedList, text_of
from tui.store.on_demand import OnDemandValue


@frozen
class ConnectionExtras:
    """What is known of one connection besides its own row."""

    summary: OnDemandValue[ConnectionSummary] = field(default_factory=OnDemandValue)
    connector: Connector | None = None
    fields: OnDemandValue[tuple[ConfigField, ...]] = field(default_factory=OnDemandValue)
    test: OnDemandValue[bool] = field(default_factory=OnDemandValue)
    inactive_for: float | None = None
    """Seconds, by our own clock and observation; None: it is not inactive."""
    expected: bool = False
    """Whether its being inactive is expected."""
    is_past: bool = False
    """Whether it is a past time: only its name and state are known."""
    covered: Covered | None = None
    """What is in maintenance; None: nothing."""

    def assess(self, connection: Connection, now: datetime) -> Verdict:
        """`now`: by our clock."""
        verdict = assess_tested(connection, self.test.data, expected=self.expected)
        if self.covered is None:
            return verdict
        return self.covered.excused(verdict, "connection", connection, now)


@frozen
class ConnectionRow:
    connection: Connection
    seen: ConnectionExtras
    now: datetime
    verdict: Verdict

    @classmethod
    def of(cls, connection: Connection, seen: ConnectionExtras, now: datetime) -> "ConnectionRow":
        return cls(connection, seen, now, seen.assess(connection, now))


def _state(row: ConnectionRow) -> str:
    word, inactive_for = row.verdict.word, row.seen.inactive_for
    return word if inactive_for is None or inactive_for < 60 else f"{word} {age_text(inactive_for)}"


def _connector(row: ConnectionRow) -> str:
    number, known = row.connection.connector_id, row.seen.connector
    if number is None:
        return NOT_KNOWN
    return known.name if known and known.name else str(number)


def _last_sync(row: ConnectionRow) -> str:
    summary = row.seen.summary
    if row.seen.is_past:
        return NOT_KNOWN
    if summary.data is None:
        return why_unread(summary.error) if summary.error else "…"
    synced = _synced(summary.data.last_sync, row.now)
    return f"? {synced}" if summary.error else synced


def why_unread(error: ErpError) -> str:
    """In a few words, as a cell has room for."""
    if is_about_credentials(error):
        return "refused" if error.status else "no login"
    return "failed" if error.status else "no response"


def _synced(moment: Moment, now: datetime) -> str:
    """Short; a time without offset is the tenant's, and says so first: its end may be cut."""
    if moment.kind is not MomentKind.LOCAL:
        return moment.ago(now)
    local = datetime.fromisoformat(moment.text[:19])
    return f"tenant {local:%m-%d %H:%M}"


def _test(row: ConnectionRow) -> str:
    test = row.seen.test
    if test.asking:
        return "testing…"
    if test.error is not None:
        return f"unknown: {why_untested(test.error)}"
    if test.data is None or test.at is None:
        return ""
    return f"{'passed' if test.data else 'failed'} {test.at:%H:%M:%S}"


def why_untested(error: ErpError) -> str:
    return "timed out" if isinstance(error, TimedOut) else one_line(error.sentence)


def _description(row: ConnectionRow) -> str:
    covered = row.seen.covered
    is_off = row.verdict.level is Level.OFF
    is_ours = is_off and covered is not None and covered.by("connection", str(row.connection.id))
    is_told = bool(row.connection.problem or is_ours)
    return row.verdict.reason if is_told else row.connection.description


CELLS: Cells[ConnectionRow] = {
    "state": _state,
    "id": lambda row: str(row.connection.id),
    "connection": lambda row: row.connection.name or NOT_KNOWN,
    "connector": _connector,
    "last_sync": _last_sync,
    "test": _test,
    "recent": lambda row: row.connection.most_recent or NOT_KNOWN,
    "description": _description,
    "reason": lambda row: row.verdict.reason or row.connection.description,
}


def _item(row: ConnectionRow) -> Item:
    connection = row.connection
    return {
        "id": connection.id,
        "name": one_line(connection.name) or None,
        "active": connection.active,
        "connector": connection.connector_id,
        "deleted": connection.deleted,
        "problem": text_of(connection.problem),
    }


PRINTED = PrintedList(CONNECTIONS, CELLS, _item)
