"""What a maintenance can be opened on: marked rows, a set of the config, or the row under the cursor."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tui.domain.maintenance.records import MemberKind
from tui.domain.superoffice.engine import ENGINE_NAME
from tui.domain.text import brief, counted
from tui.domain.writes import ENGINE

if TYPE_CHECKING:
    from tui.ops.maintenance.planning import OpeningPlan
    from tui.ops.refusal import Refusal
    from tui.session.selection import Selection
    from tui.ui.host import ScreenHost

_KINDS = {
    "Workers": MemberKind.SYNC,
    "Connections": MemberKind.CONNECTION,
    "Engine": MemberKind.ENGINE,
}
"""By tab, what its rows are; those of the others cannot be stopped."""
_LONGEST_LABEL = 30


@dataclass(frozen=True, slots=True)
class Source:
    label: str
    """As it is chosen in the form."""
    plan: "Callable[[], Awaitable[OpeningPlan | Refusal]]"
    """Finds the targets and reads their states now."""


def sources_of(screen: "ScreenHost", selection: "Selection") -> tuple[Source, ...]:
    """The marked rows before the sets of the config; a row that is not marked after them."""
    view = screen.session.maintenance
    sets = tuple(Source(name, partial(view.plan, name)) for name in view.set_names)
    label, keys = _rows_of(screen, selection)
    if not keys:
        return sets
    marked = [(_KINDS[screen.TAB], key) for key in keys]
    rows = Source(label, partial(view.plan_marked, marked))
    return (rows, *sets) if selection.marks else (*sets, rows)


def _rows_of(screen: "ScreenHost", selection: "Selection") -> tuple[str, Sequence[str]]:
    """What they are called, and their keys."""
    kind = _KINDS.get(screen.TAB)
    if kind is MemberKind.ENGINE:
        return ENGINE_NAME, [ENGINE]
    if kind is None or selection.nothing:
        return "", ()
    if selection.marks:
        return counted(len(selection.marks), "marked row"), sorted(selection.marks)
    keys = [str(getattr(target, "id", "")) for target in selection.targets]
    names = [brief(str(getattr(target, "name", "")), _LONGEST_LABEL) for target in selection.targets]
    return ", ".join(names), keys
