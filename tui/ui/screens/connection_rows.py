"""ErpSync connections as rows and as facts."""

from tui.domain.engine import Connection
from tui.domain.health import assess_connection
from tui.domain.text import one_line
from tui.ui.screens.listed import Listed, record
from tui.ui.screens.signs import SIGNS
from tui.ui.widgets.columns import CONNECTIONS
from tui.ui.widgets.facts import Fact, Remarked
from tui.ui.widgets.row_list import Row

FIELDS = tuple(column.id for column in CONNECTIONS)


def listed(connection: Connection) -> Listed:
    """A connection's row; the default order is the server's own, by number."""
    verdict = assess_connection(connection)
    sign, tone = SIGNS[verdict.level]
    key = str(connection.id)
    cells = (
        verdict.word,
        key,
        one_line(connection.name) or "–",
        "–" if connection.connector_id is None else str(connection.connector_id),
        one_line(connection.most_recent) or "–",
        verdict.reason if connection.problem else one_line(connection.description),
    )
    return Listed(
        Row(key, sign, tone, cells),
        record(CONNECTIONS, cells, {"guid": connection.guid}, None),
        (verdict.level, one_line(connection.name).casefold(), key),
        verdict.needs_attention,
        (
            verdict.word,
            connection.id,
            cells[2].casefold(),
            connection.connector_id,
            cells[4],
            cells[5].casefold(),
        ),
    )


def facts(connection: Connection) -> tuple[Fact, ...]:
    """Everything known of a connection; of the configuration only the names."""
    verdict = assess_connection(connection)
    names = ", ".join(connection.config_field_names) or "none listed"
    return (
        ("State", verdict.word),
        ("", verdict.reason),
        ("Id", str(connection.id)),
        ("Name", connection.name or "not reported"),
        ("Description", connection.description or "none"),
        (
            "Connector",
            "not reported" if connection.connector_id is None else str(connection.connector_id),
        ),
        ("ConnectionId", connection.guid or "not reported"),
        ("Recent mark", connection.most_recent or "none"),
        ("Fields", Remarked(f"{names} (values are not kept)", names)),
    )
