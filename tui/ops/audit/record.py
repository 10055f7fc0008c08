"""The records of the audit trail: attempts, outcomes, and later checks of the target."""

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime

from tui.api.receipts import Receipt
from tui.domain.result import Result
from tui.domain.writes import FieldChange, Write
from tui.frozen import frozen


def stamp(at: datetime) -> str:
    """A time as the trail has it: `2026-03-02T03:07:12.500Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@frozen
class Attempt:
    at: datetime
    profile: str
    environment: str
    operation: str
    write: Write
    changes: tuple[FieldChange, ...] = ()
    target_name: str = ""
    system: str = ""
    address: str = ""
    """Address of the system, such as its base URL, without login."""
    plan: str = ""
    """Id of the plan that it is part of; empty: it is sent alone."""
    baseline: Mapping[str, object] | None = None
    """The exact values before, as far as an undo needs them; None: they are not known."""
    undoes: str = ""
    """Id of the attempt that it undoes; empty: of none. Undoing an undo is a redo."""


@frozen
class Ending:
    at: datetime
    result: Result
    sentence: str
    status: int | None = None
    """HTTP status of the deciding response, if any."""
    request_id: str = ""
    responses: tuple[Receipt, ...] = ()
    """All responses, including that one."""
    left: Mapping[str, object] = field(default_factory=dict)
    """The exact values in the response, as far as an undo needs them."""


@frozen
class Finding:
    """The result of reading the target."""

    at: datetime
    result: Result
    """`applied`, `not applied`, `unknown`; `accepted` if no effect was seen in time."""
    sentence: str
    left: Mapping[str, object] = field(default_factory=dict)
    """As that of an `Ending`, in the target that was read."""

    @property
    def dated(self) -> str:
        return f"{self.sentence} (seen {self.at:%m-%d %H:%M} UTC)"
