"""The state of the JTL side: kinds of sync with their shared options, syncs, extensions, logins.

Source: jtl PROTOCOL §1.2, §1.4 (options are stored once per kind), §3.
"""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from tui.simulator.jtl.apps import Apps

SUSPENDED, STARTING, RUNNING, FINISHED, FAILED, STOPPING, LOCKED, DEACTIVATED = range(8)
START, STOP, RESTART = range(3)


@dataclass(slots=True)
class Option:
    name: str
    description: str
    type_name: str
    value: str | None
    required: bool = False
    id: str = ""
    """Empty until the world is born."""


@dataclass(slots=True)
class Kind:
    """A kind of sync (SyncName)."""

    name: str
    noun: str
    """What a run counts: `orders`."""
    minimum: int
    """Shortest interval that is accepted, seconds."""
    options: list[Option]
    controllable: bool = True
    """False for maintenance, which a user cannot start or stop (§1.4)."""


@dataclass(slots=True)
class Phase:
    """What a sync is in, from when to when."""

    state: int
    since: datetime
    until: datetime | None = None
    """None: it stays."""
    text: str = ""
    total: int = 0
    """How many things this run handles."""
    then: int = DEACTIVATED
    """What follows STOPPING."""
    driven: bool = False
    """A user caused it: it ends even in a still world."""
    progress: float | None = None
    """Percent that a control route has set."""


@dataclass(slots=True)
class Sync:
    id: str
    kind: Kind
    channel: str
    channel_id: str
    interval: float
    phase: Phase
    chance: Random
    reports_progress: bool = False
    ran: bool = True
    """False: it never ran, its times are year 1."""
    locked: bool = False
    failing: str | None = None
    """While set, every run ends with this text."""
    pending: tuple[int, datetime] | None = None
    """The one action that waits, and when it takes effect."""
    listed: bool = True
    reported: bool = True
    """Whether it is in the list and in the status: either may be missing in the field."""


@dataclass(slots=True)
class ExtensionRow:
    id: str
    extension_id: str
    version: str
    manifest_hash: str
    status: int
    created: datetime
    changed: datetime


@dataclass(slots=True)
class JtlWorld:
    kinds: dict[str, Kind]
    syncs: dict[str, Sync]
    """By identifier, in list order."""
    extensions: dict[str, ExtensionRow]
    names: Random
    """Where new identifiers come from."""
    process_running: bool = True
    process_since: datetime | None = None
    round_interval: float = 0
    """Seconds; a configured interval is rounded down to a multiple of it. 0: it is taken as it is."""
    control_delay: float = 1.0
    """Seconds from a control call to its effect."""
    token_lifetime: float = 3600
    """Seconds."""
    tokens: dict[str, datetime] = field(default_factory=dict)
    """Issued access tokens and when they end."""
    tokens_issued: int = 0
    registered_app: tuple[str, str] | None = None
    """X-AppID and X-AppVersion that the fixed key wants; None: any, but they must be there."""
    apps: Apps = field(default_factory=Apps)
    info: bool = True
    database: str = "eazybusiness"
    """What `/info` calls it on-premises, whatever the path of the call names."""
    minute: int = 0
    calls_this_minute: int = 0
    trees: dict[bool, Any] = field(default_factory=dict)
    """The list as JSON by casing; emptied by whatever changes it."""
