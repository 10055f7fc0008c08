"""What an operation acts on, bound at the key press that begins it.

The key of an operation begins it at once; `:` and the palette take time over which one it is to be,
and what it hits is still what was under the cursor when they were opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.ops.operation import Operation
    from tui.store.snapshot import Snapshot, Topic


@dataclass(frozen=True, slots=True)
class Selection:
    """Things as they were at a key press."""

    things: tuple[object, ...] = ()
    """What was under the cursor, as it was; none where nothing was."""
    marks: frozenset[str] = frozenset()
    """The keys that were marked; operations on several rows go before the one under the cursor."""
    nothing: str = ""
    """Why there is none, where an operation needs one."""
    seen: Mapping["Topic", "Snapshot[object]"] = field(default_factory=dict)
    """What was known then."""


def refused_on(marks: frozenset[str], operation: "Operation") -> str:
    """Why an operation that acts on one row is not done while rows are marked."""
    from tui.ops.targets import ORDERS

    rows = "1 row is marked" if len(marks) == 1 else f"{len(marks)} rows are marked"
    acts = "all connections" if operation.id == ORDERS else "one row"
    return f"{rows}; {operation.key} acts on {acts}: press - to clear the marks"
