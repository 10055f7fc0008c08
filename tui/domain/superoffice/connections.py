"""Details of ErpSync connections beside their list. Source: superoffice PROTOCOL §5, §6, §7."""

from collections.abc import Iterable
from dataclasses import field

from tui.domain.jtl.workers import Raw
from tui.domain.superoffice.engine import Connection
from tui.domain.timestamps import Moment
from tui.domain.writes import ALL_CONNECTIONS
from tui.frozen import frozen

HIDDEN = "•••"
_LONGEST_NUMBER = 11


@frozen
class Concealed:
    """A configuration value, treated as a credential: formatting it yields dots."""

    _text: str

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return HIDDEN

    def reveal(self) -> str:
        """The value itself: only for the one line that an operator requested."""
        return self._text


@frozen
class Connector:
    """The integration endpoint that connections share."""

    id: int
    name: str = ""
    url: str = ""
    """Its address; [inferred] from a ToolTip that reads as one (§5)."""
    tool_tip: str = ""
    """The ToolTip, if it is not an address."""


@frozen
class ConfigField:
    """One field that a connector needs; never its value."""

    key: str
    name: str = ""
    kind: str = ""
    """FieldType as reported, such as `Text` or `Password`."""


@frozen
class ActorSummary:
    """How one kind of actor is set up in a connection."""

    kind: str
    """ErpActorType, such as `Customer`."""
    has_mappings: bool | None = None
    defaults: str = ""
    mappings: str = ""
    """Text for people."""


@frozen
class ConnectionSummary:
    """A response to GetErpSyncConnectionSummary."""

    last_sync: Moment
    actors: tuple[ActorSummary, ...] = ()
    actors_problem: str = ""
    """Why some actors are missing; empty: none are."""
    raw: Raw = field(default_factory=dict, repr=False, hash=False)


@frozen
class Priorities:
    """The order in which connections win over one another, the highest first."""

    ids: tuple[int, ...]
    problem: str | None = None
    """Why the order is unknown; None: it is known."""

    @property
    def id(self) -> str:
        """Fixed: there is only one order."""
        return ALL_CONNECTIONS

    @property
    def name(self) -> str:
        """Its name in `run` and audit."""
        return ALL_CONNECTIONS

    @property
    def shown(self) -> str:
        """The ids in order, in the form of `order=`."""
        return ", ".join(map(str, self.ids))


def order_of(text: str) -> tuple[int, ...]:
    """The ids of `2, 1, 3`. Raises ValueError: one of them is not a number."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and len(part) < _LONGEST_NUMBER for part in parts):
        raise ValueError(text)
    return tuple(map(int, parts))


def priorities_of(connections: Iterable[Connection]) -> Priorities:
    """The order of GetAllConnections' list; without deleted ones.

    [inferred] No call reads priorities; no document says that the list is in their order, so front ends
    call it the server's order.
    """
    listed = [connection for connection in connections if not connection.deleted]
    unreadable = any(connection.id < 0 for connection in listed)
    return Priorities(
        tuple(connection.id for connection in listed),
        "a row of the list has no usable id" if unreadable else None,
    )
