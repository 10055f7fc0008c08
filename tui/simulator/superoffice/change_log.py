"""The change log: born with a past, growing with every run of the engine, every sync and resync.

What the runs added is made from the clock when somebody looks, so nothing runs in the background.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from tui.frozen import frozen

BORN_WITH = 430
"""Entries; more than two pages of a careful client."""
KEPT = 5_000
"""Entries; older ones are forgotten."""
MOST_OF_ONE_CALL = 50
_NEVER = datetime.min.replace(tzinfo=UTC)
_CHANGES = (
    ("Contact", "Customer", "NAME", ("Muster GmbH", "Muster GmbH & Co. KG")),
    ("Contact", "Customer", "ORGNR", ("", "DE 811 234 567")),
    ("Contact", "Customer", "ADDRESS/CITY", ("Köln", "Bergisch Gladbach")),
    ("Contact", "Customer", "PAYMENT_TERMS", ("14 Tage netto", "30 Tage netto")),
    ("Contact", "Customer", "CREDIT_LIMIT", ("10000", "2500")),
    ("Person", "Person", "EMAIL", ("einkauf@muster.example", "")),
    ("Person", "Person", "PHONE", ("+49 221 100", "+49 221 200")),
    ("Project", "Project", "STATUS", ("Angebot", "Auftrag")),
)


@frozen
class LogRow:
    id: int
    connection: int
    source: str
    target: str
    field: str
    old: str
    new: str
    at: datetime


@dataclass(slots=True)
class ChangeLog:
    """All that is remembered, oldest first."""

    chance: Random
    caught_up: datetime
    """Runs that began until then are in it."""
    rows: list[LogRow] = field(default_factory=list)

    def add(self, connections: Iterable[int], at: datetime, count: int) -> None:
        """Let `count` fields change through each of `connections`."""
        for connection in connections:
            for _ in range(min(count, MOST_OF_ONE_CALL)):
                self.rows.append(self._row(connection, at))
        del self.rows[:-KEPT]

    def _row(self, connection: int, at: datetime) -> LogRow:
        crm, erp, name, (old, new) = self.chance.choice(_CHANGES)
        sides = (
            f"{crm} {self.chance.randrange(1, 900)}",
            f"{erp} K{self.chance.randrange(10_000, 99_999)}",
        )
        if self.chance.random() < 0.5:
            sides, (old, new) = (sides[1], sides[0]), (new, old)
        number = self.rows[-1].id + 1 if self.rows else 1
        return LogRow(number, connection, *sides, name, old, new, at)


def log_born(seed: int, connections: list[int], now: datetime) -> ChangeLog:
    """The log at the world's first moment: some days of changes."""
    if not connections:
        return ChangeLog(Random(f"log {seed}"), now)
    rows, chance = _past(seed, tuple(connections))
    log = ChangeLog(Random(), now, [replace(row, at=now - age) for row, age in rows])
    log.chance.setstate(chance)
    return log


@cache
def _past(
    seed: int, connections: tuple[int, ...]
) -> tuple[Sequence[tuple[LogRow, timedelta]], tuple[object, ...]]:
    """The rows that a log is born with and their ages, oldest first, and how its chances go on."""
    log = ChangeLog(Random(f"log {seed}"), _NEVER)
    ages = [timedelta(minutes=3)]
    while len(ages) < BORN_WITH:
        ages.append(ages[-1] + timedelta(seconds=log.chance.choice((0, 0, 1, 2, 900, 1_800))))
    for _ in ages:
        log.add([log.chance.choice(connections)], _NEVER, 1)
    return tuple(zip(log.rows, reversed(ages), strict=True)), log.chance.getstate()
