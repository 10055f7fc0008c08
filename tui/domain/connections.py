"""What is known of ErpSync connections beside their list. Source: superoffice-erpsync §5, §6, §7."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tui.domain.changes import ALL_CONNECTIONS
from tui.domain.engine import Connection
from tui.domain.moments import Moment
from tui.domain.workers import Raw

HIDDEN = "•••"
_LONGEST_NUMBER = 11


@dataclass(frozen=True, slots=True, repr=False)
class Concealed:
    """A configuration value, taken for a credential: whatever writes it down writes dots."""

    _text: str

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return HIDDEN

    def reveal(self) -> str:
        """The value itself: for the one line that an operator asked for."""
        return self._text


@dataclass(frozen=True, slots=True)
class Connector:
    """The integration endpoint that connections share."""

    id: int
    name: str = ""
    url: str = ""
    """Where it answers; [inferred] from a ToolTip that reads as an address (§5)."""
    tool_tip: str = ""
    """What came as ToolTip, where it reads as no address."""


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One field that a connector needs; never its value."""

    key: str
    name: str = ""
    kind: str = ""
    """FieldType as it came, such as `Text` or `Password`."""
    access: str = ""
    """As it came, such as `Mandatory`."""


@dataclass(frozen=True, slots=True)
class ActorSummary:
    """How one kind of actor is set up in a connection."""

    kind: str
    """ErpActorType, such as `Customer`."""
    has_mappings: bool | None = None
    defaults: str = ""
    mappings: str = ""
    """Text for people."""


@dataclass(frozen=True, slots=True)
class ConnectionSummary:
    """One answer of GetErpSyncConnectionSummary."""

    last_sync: Moment
    actors: tuple[ActorSummary, ...] = ()
    actors_problem: str = ""
    """Why not all actors can be shown; empty: all are."""
    raw: Raw = field(default_factory=dict, repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class Priorities:
    """The order in which connections win over one another, the highest first."""

    ids: tuple[int, ...]
    problem: str | None = None
    """Why their order cannot be told."""

    @property
    def id(self) -> str:
        """There is one order."""
        return ALL_CONNECTIONS

    @property
    def name(self) -> str:
        """As `run` and audit call it."""
        return ALL_CONNECTIONS

    @property
    def shown(self) -> str:
        """The numbers in order, as `order=` takes them."""
        return ", ".join(map(str, self.ids))


def order_of(text: str) -> tuple[int, ...]:
    """The numbers of `2, 1, 3`.

    Raises:
        ValueError: one of them is no number.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and len(part) < _LONGEST_NUMBER for part in parts):
        raise ValueError(text)
    return tuple(map(int, parts))


def priorities_of(connections: Iterable[Connection]) -> Priorities:
    """The order of what GetAllConnections lists; deleted ones have none.

    [inferred] No call reads priorities; that the list comes in their order is stated nowhere, so
    front ends call it the server's order.
    """
    listed = [connection for connection in connections if not connection.deleted]
    unreadable = any(connection.id < 0 for connection in listed)
    return Priorities(
        tuple(connection.id for connection in listed),
        "a row of the list has no usable number" if unreadable else None,
    )
