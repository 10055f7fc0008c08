"""What an operation acts on, bound at the key press that starts it.

A key starts an operation at once. `:` and the palette take time, so they bind what was selected when
they were opened.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from tui.frozen import frozen

if TYPE_CHECKING:
    from tui.ops.operations.operation import Operation
    from tui.store.snapshot import Snapshot, Topic


@frozen
class Selection:
    targets: tuple[object, ...] = ()
    """The row under the cursor as it was then; empty where there was none."""
    marks: frozenset[str] = frozenset()
    """The marked keys; operations on several rows act on these before the one under the cursor."""
    nothing: str = ""
    """Why nothing is selected, where an operation needs a target."""
    seen: Mapping["Topic", "Snapshot[object]"] = field(default_factory=dict)


def refused_on(marks: frozenset[str], operation: "Operation") -> str:
    """Why an operation on one row is refused while rows are marked."""
    from tui.ops.targets.lookup import acts_on
    from tui.ops.targets.operand import ActsOn

    rows = "1 row is marked" if len(marks) == 1 else f"{len(marks)} rows are marked"
    acts = "all connections" if acts_on(operation) is ActsOn.ORDER else "one row"
    return f"{rows}; {operation.key} acts on {acts}: press - to clear the marks"
