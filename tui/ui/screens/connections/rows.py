"""ErpSync connections as rows and as facts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tui.domain.health.problems import assess_tested
from tui.domain.health.rules import Verdict
from tui.domain.superoffice.connections import HIDDEN, ConfigField, ConnectionSummary
from tui.domain.superoffice.engine import Connection
from tui.domain.text import one_line
from tui.domain.timestamps import age_text, iso
from tui.presentation.columns import CONNECTIONS, cells_of, on_screen
from tui.presentation.connections import (
    CELLS,
    ConnectionExtras,
    ConnectionRow,
    why_unread,
    why_untested,
)
from tui.store.on_demand import OnDemandValue
from tui.ui.screens.list_row import ListRow, health_words, instant, past, record, sort_values
from tui.ui.screens.past_cells import NOTHING_KNOWN, PastCells
from tui.ui.screens.rows_as_table import absolute
from tui.ui.screens.signs import SIGNS
from tui.ui.widgets.fact_list import Fact, RemarkedText
from tui.ui.widgets.row_list import Row

COLUMNS = on_screen(CONNECTIONS)


def listed(
    connection: Connection,
    seen: ConnectionExtras,
    now: datetime,
    aside: PastCells = NOTHING_KNOWN,
) -> ListRow:
    row = ConnectionRow.of(connection, seen, now)
    verdict, key = row.verdict, str(connection.id)
    cells = cells_of(COLUMNS, CELLS, row, aside.cells)
    synced = seen.summary.data.last_sync if seen.summary.data else None
    compared = {
        "age": synced.age(now) if synced else None,
        "last_sync": past(synced, now),
        "id": float(connection.id),
        "since": aside.seconds,
    }
    return ListRow(
        Row(key, *_sign(connection, verdict), cells),
        record(COLUMNS, cells, {"guid": connection.guid}, compared, health_words(verdict)),
        (verdict.level, one_line(connection.name).casefold(), key),
        verdict.needs_attention,
        sort_values(
            COLUMNS,
            cells,
            {
                "state": verdict.word,
                "since": aside.seconds,
                "id": connection.id,
                "last_sync": synced.at.timestamp() if synced and synced.at else None,
            },
        ),
    )


def _sign(connection: Connection, verdict: Verdict) -> tuple[str, str]:
    return ("†", "off") if connection.deleted else SIGNS[verdict.level]


def absolute_cells(connection: Connection, seen: ConnectionExtras, now: datetime) -> dict[str, str]:
    """The times of a row, by column; `now` by our own clock."""
    word = assess_tested(connection, seen.test.data, expected=seen.expected).word
    summary, test = seen.summary, seen.test
    cells = {"state": word}
    if seen.inactive_for is not None:
        cells["state"] = f"{word} since {iso(now - timedelta(seconds=seen.inactive_for))} or earlier"
    if summary.data is not None:
        cells["last_sync"] = ("? " if summary.error else "") + absolute(summary.data.last_sync)
    if test.data is not None and test.at is not None and not (test.asking or test.error):
        cells["test"] = f"{'passed' if test.data else 'failed'} {iso(test.at)}"
    return cells


def facts(connection: Connection, seen: ConnectionExtras, now: datetime) -> Iterator[Fact]:
    """Of the configuration only the names."""
    verdict = seen.assess(connection, now)
    yield "State", RemarkedText(f"{_sign(connection, verdict)[0]} {verdict.word}", verdict.word)
    if verdict.reason:
        yield "", verdict.reason
    if seen.inactive_for is not None:
        yield "", f"observed for {_while(seen.inactive_for)} by this console"
    yield "Id", str(connection.id)
    yield "Name", connection.name or "not reported"
    if seen.is_past:
        yield "", "nothing else of it is recorded"
        return
    yield "Description", connection.description or "none"
    yield from _connector_facts(connection, seen)
    yield "ConnectionId", connection.guid or "not reported"
    yield "Recent mark", connection.most_recent or "none"
    yield from _test_facts(seen.test)
    yield from _summary_facts(seen.summary, now)
    yield from _field_facts(connection, seen.fields)


def _while(seconds: float) -> str:
    """In steps of a minute: a text that changes by itself must not repaint more often."""
    return "less than 1m" if seconds < 60 else age_text(seconds)


def _connector_facts(connection: Connection, seen: ConnectionExtras) -> Iterator[Fact]:
    if connection.connector_id is None:
        yield "Connector", "not reported"
        return
    number, known = str(connection.connector_id), seen.connector
    yield (
        "Connector",
        f"{known.name or 'no name'} ({number})" if known else f"{number}, its name is unknown",
    )
    if known and known.url:
        yield "Connector URL", known.url
    if known and known.tool_tip:
        yield "Tooltip", known.tool_tip


def _test_facts(test: OnDemandValue[bool]) -> Iterator[Fact]:
    if test.asking:
        yield "Test", "requested, no response yet"
    elif test.error is not None:
        yield "Test", f"unknown at {test.failed_at:%H:%M:%S} UTC: {why_untested(test.error)}"
        yield "", test.error.next_step
    elif test.data is None:
        yield "Test", "not tested in this session: T tests it"
    else:
        yield "Test", f"{'passed' if test.data else 'failed'} at {test.at:%H:%M:%S} UTC"
    if test.data is False and test.error is None and not test.asking:
        yield "", "server gives no reason: check the connector's URL and the configuration fields"


def _summary_facts(summary: OnDemandValue[ConnectionSummary], now: datetime) -> Iterator[Fact]:
    if summary.error is not None:
        age = f"; below is that of {summary.at:%H:%M:%S} UTC" if summary.at else ""
        when = f"{why_unread(summary.error)} at {summary.failed_at:%H:%M:%S} UTC"
        yield "Summary", f"{when}: {summary.error.sentence}{age}"
        yield "", summary.error.next_step
    if summary.data is None:
        yield "Last sync", "unknown" if summary.error else "no response yet"
        return
    yield "Last sync", instant(summary.data.last_sync, now)
    yield "Actors", ""
    for actor in summary.data.actors:
        mapped = {True: "has mappings", False: "has no mappings", None: "mappings not reported"}
        yield actor.kind or "no type", mapped[actor.has_mappings]
        if actor.mappings:
            yield "", f"Mappings: {actor.mappings}"
        if actor.defaults:
            yield "", f"Defaults: {actor.defaults}"
    if summary.data.actors_problem or not summary.data.actors:
        yield "", summary.data.actors_problem or "none reported"


def _field_facts(
    connection: Connection, known: OnDemandValue[tuple[ConfigField, ...]]
) -> Iterator[Fact]:
    yield "Configuration fields", ""
    for one in fields_of(connection, known):
        kind = f" · {one.name}" if one.name and one.name != one.key else ""
        remark = f"{HIDDEN}{kind}{f' · {one.kind}' if one.kind else ''}"
        yield one.key, RemarkedText(remark, HIDDEN)
    if known.error is not None:
        yield "", f"the connector's fields are unknown: {known.error.sentence}"
    elif not fields_of(connection, known):
        yield "", "none known" if known.data is not None else "no response yet"
    yield "", "x shows their values, one at a time"


def fields_of(
    connection: Connection, known: OnDemandValue[tuple[ConfigField, ...]]
) -> tuple[ConfigField, ...]:
    """What the connector requires, then what else the connection has; by name only."""
    needed = known.data or ()
    names = {one.key for one in needed}
    return (*needed, *(ConfigField(key) for key in connection.config_field_names if key not in names))
