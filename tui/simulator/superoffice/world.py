"""The state of the SuperOffice side: engine, connectors, connections, tenant.

Source: superoffice PROTOCOL §5, §6.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from tui.simulator.options import SimulateOptions
from tui.simulator.superoffice.change_log import ChangeLog, log_born

CONNECTORS = {
    3: ("Business Central", "https://connector.example/bc"),
    5: ("Visma.net", "https://connector.example/visma"),
    8: ("Excel Demo", "app://4f1d9a02"),
}
PLANS = (
    ("Business Central DE", "Kunden und Projekte, Mandant 1", 3, True),
    ("Visma.net NO", 'NO:"Kunder fra Oslo";US:"Customers from Oslo"', 5, True),
    ("Business Central AT", "Kunden, Mandant 7", 3, False),
    ("Excel Testdaten", "Nur zum Ausprobieren", 8, True),
)
TOGGLE_REASONS = (
    "Mandatory field CUSTNO has no sync direction",
    "Mandatory field VATNO has no sync direction",
)


@dataclass(slots=True)
class ConnectionRow:
    id: int
    connector_id: int
    name: str
    description: str
    active: bool
    guid: str
    synced_at: datetime | None
    """None: never."""
    fields: dict[str, str]
    deleted: bool = False
    test_passes: bool = True
    toggle_reasons: list[str] = field(default_factory=list)
    """Why a toggle is refused; empty: it is done."""
    ignores_toggle: bool = False
    """True: a toggle is answered as done, and is not."""


@dataclass(slots=True)
class Outcome:
    """How sync and resync calls end; None leaves a part to the world."""

    status: str = "Ok"
    is_ok: bool | None = None
    """None: Status ≠ Error."""
    explanation: str | None = None
    technical: str | None = None
    error_code: str = ""
    changes: bool = True
    """Whether Changes is filled."""


@dataclass(slots=True)
class SoWorld:
    connections: dict[int, ConnectionRow]
    log: ChangeLog
    running: bool = True
    pending: tuple[bool, datetime] | None = None
    """What the engine was asked to be, and when it will be."""
    message: str | None = None
    """A text set by a control route; None: the engine's own."""
    interval: float = 900
    settles_in: float = 2.0
    """Seconds from a start or stop to its effect; at most 5."""
    tenant_state: str = "Running"
    moved: bool = False
    """True: the tenant lives under another prefix, and answers 421 under its old one."""
    state_valid_for: float = 300
    """Seconds for which the state service calls its answer valid."""
    state_fields: dict[str, Any] = field(default_factory=dict)
    """Fields that the state service answers instead of its own; None: it leaves that one out."""
    tickets: set[str] = field(default_factory=set)
    """Of system users, as long as they are good."""
    tickets_issued: int = 0
    tokens_expired: bool = False
    access_refused: bool = False
    """True: 403, as for an app without access to the agent."""
    interval_text: str | None = None
    """Sent instead of the interval as it is."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By method name in lower case; `*` for all."""
    batch_tasks: list[Any] = field(default_factory=list)
    """Bodies of what was queued."""
    batch_queued: list[datetime] = field(default_factory=list)
    """When each of them was."""

    @property
    def active(self) -> list[ConnectionRow]:
        return [row for row in self.connections.values() if row.active and not row.deleted]


def so_born(options: SimulateOptions, now: datetime) -> SoWorld:
    """The SuperOffice side at its first moment; one more connection than asked for is deleted."""
    chance = Random(f"superoffice {options.seed}")
    rows = [_connection(number, chance, now) for number in range(options.connections + 1)]
    rows[-1].deleted, rows[-1].active, rows[-1].name = True, False, "Altes Navision"
    active = [row.id for row in rows if row.active]
    return SoWorld({row.id: row for row in rows}, log_born(options.seed, active, now))


def _connection(number: int, chance: Random, now: datetime) -> ConnectionRow:
    name, description, connector, active = PLANS[number % len(PLANS)]
    turn = number // len(PLANS)
    synced = now - timedelta(seconds=180 + 37 * number) if active else None
    return ConnectionRow(
        id=number + 1,
        connector_id=connector,
        name=name + (f" {turn + 1}" if turn else ""),
        description=description,
        active=active,
        guid=str(UUID(int=chance.getrandbits(128), version=4)),
        synced_at=synced,
        fields={
            "SERVER": f"erp{number + 1}.example",
            "COMPANY": str(100 + number),
            "PASSWORD": "geheim",
        },
        test_passes=connector != 8,
        toggle_reasons=[] if active else list(TOGGLE_REASONS),
    )
