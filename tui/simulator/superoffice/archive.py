"""`GET …/api/v1/archive/ErpSyncLog`: columns, order and pages. Source: superoffice PROTOCOL §14.

An unknown column, anywhere, is 400 [inferred]. A page that is not the last names the next one.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from tui.frozen import frozen
from tui.simulator.http_messages import Answer, Received, lowered
from tui.simulator.superoffice.change_log import LogRow
from tui.simulator.superoffice.engine import last_run, settle
from tui.simulator.superoffice.errors import so_error
from tui.simulator.world import World

COLUMNS = ("id", "connection", "source", "target", "crmfieldkey", "oldvalue", "newvalue", "updated")
MOST_ROWS = 1_000
"""Rows of a page, whatever is asked for."""
_PART = re.compile(r"\s*(\w+)(?:\s+(asc|desc))?\s*", re.IGNORECASE)
_MOST_RUNS = 200


LARGE = 500_000
"""Rows of a large table."""
SCAN = 25.0
"""Seconds that it needs for an order without an index; only the identifier has one (§16)."""


@frozen
class LargeTable(Sequence[LogRow]):
    """The newest entries, and before them `LARGE` older ones that are made when they are read."""

    newest: Sequence[LogRow]
    descending: bool = False

    def __len__(self) -> int:
        return LARGE + len(self.newest)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        at = len(self) - 1 - place if self.descending else place
        if at >= LARGE:
            return self.newest[at - LARGE]
        first, age = self.newest[0], LARGE - at
        return replace(first, id=first.id - age, at=first.at - timedelta(minutes=age))


def scans(request: Received) -> bool:
    """Whether the request orders by a column without an index."""
    query = lowered(request.query)
    return bool(query.get("$orderby")) and not query["$orderby"].strip().lower().startswith("id ")


def sync_log(world: World, request: Received, *, large: bool = False) -> Answer:
    """One page; of a `LargeTable` in the order of the identifier."""
    query = lowered(request.query)
    wanted = [part.strip().lower() for part in query.get("$select", "").split(",") if part.strip()]
    unknown = [name for name in wanted if name not in COLUMNS]
    order = [_PART.fullmatch(part) for part in query.get("$orderby", "").split(",") if part.strip()]
    unknown += ["$orderby" for part in order if part is None or part[1].lower() not in COLUMNS]
    unknown += [name for name in ("$top", "$skip") if not query.get(name, "0").isdecimal()]
    if unknown:
        return so_error(400, "SoArgumentException", f"ErpSyncLog cannot take {', '.join(unknown)}.")
    catch_up(world)
    rows: Sequence[LogRow] = world.so.log.rows
    if large:
        rows, order = LargeTable(rows, "desc" in query.get("$orderby", "").lower()), []
    for part in reversed([part for part in order if part is not None]):
        column, direction = part[1].lower(), (part[2] or "asc").lower()
        rows = sorted(rows, key=partial(_sortable, column=column), reverse=direction == "desc")
    first, most = int(query.get("$skip", "0")), int(query.get("$top", "0")) or MOST_ROWS
    last = first + min(most, MOST_ROWS)
    zoned = "includetzoffset" in request.headers.get("so-timezone", "").lower()
    return Answer(
        tree={
            "odata.metadata": f"{_base(request)}/$metadata",
            "odata.nextLink": _link(request, last) if last < len(rows) else None,
            "value": [_tree(row, wanted or COLUMNS, zoned=zoned) for row in rows[first:last]],
        }
    )


def catch_up(world: World) -> None:
    """Let every run of the engine since the last look have changed something."""
    settle(world)
    so, began = world.so, world.seen_at - last_run(world)
    active = [row.id for row in so.active]
    runs: list[datetime] = []
    while began > so.log.caught_up and len(runs) < _MOST_RUNS:
        runs.append(began)
        began -= timedelta(seconds=so.interval)
    for at in reversed(runs) if so.running else ():
        so.log.add(active, at, so.log.chance.randrange(3))
    so.log.caught_up = max(so.log.caught_up, world.seen_at)


def _sortable(row: LogRow, column: str) -> Any:
    return (row.at, row.id) if column == "updated" else _values(row)[column]


def _values(row: LogRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "connection": str(row.connection),
        "source": row.source,
        "target": row.target,
        "crmfieldkey": row.field,
        "oldvalue": row.old,
        "newvalue": row.new,
        "updated": f"{row.at:%Y-%m-%dT%H:%M:%S}",
    }


def _tree(row: LogRow, wanted: Any, *, zoned: bool) -> dict[str, Any]:
    """Times are always UTC (§3); every row of an archive names itself."""
    values = _values(row)
    values["updated"] += "Z" if zoned else ""
    return {
        "PrimaryKey": str(row.id),
        "EntityName": "all",
        **{name: values[name] for name in wanted},
    }


def _base(request: Received) -> str:
    return f"http://{request.headers.get('host', 'localhost')}{request.path.rpartition('/')[0]}"


def _link(request: Received, skip: int) -> str:
    query = {name: value for name, value in request.query.items() if name.lower() != "$skip"}
    query["$skip"] = str(skip)
    return f"{_base(request)}/ErpSyncLog?{urlencode(query, safe='$,', quote_via=quote)}"
