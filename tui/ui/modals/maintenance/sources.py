"""What a maintenance can be opened on: marked rows, a set of the config, or the row under the cursor."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from tui.domain.maintenance.records import MemberKind
from tui.domain.superoffice.engine import ENGINE_NAME
from tui.domain.text import brief, counted
from tui.domain.writes import ENGINE
from tui.frozen import frozen

if TYPE_CHECKING:
    from tui.ops.maintenance.planning import OpeningPlan
    from tui.ops.refusal import Refusal
    from tui.session.selection import Selection
    from tui.ui.host import AppHost, ScreenHost

_KINDS = {
    "Workers": MemberKind.SYNC,
    "Connections": MemberKind.CONNECTION,
    "Engine": MemberKind.ENGINE,
}
"""By tab, what its rows are; those of the others cannot be stopped."""
_LONGEST_LABEL = 30
Keys = Sequence[tuple[MemberKind, str]]


class PlanOf(Protocol):
    async def __call__(self, *, engine: bool = False) -> "OpeningPlan | Refusal":
        """Finds the targets and reads their states now; `engine`: the engine is stopped too."""


@frozen
class Source:
    label: str
    """As it is chosen in the form."""
    plan: PlanOf


def marked_in(app: "AppHost", screen: "ScreenHost", selection: "Selection") -> Keys:
    """What is marked in all lists, of the one in front as it was at the key press."""
    marks: Mapping[str, frozenset[str]] = {one.TAB: one.marks for one in app.tab_screens.values()}
    marks = {**marks, screen.TAB: selection.marks}
    return [(kind, key) for tab, kind in _KINDS.items() for key in sorted(marks.get(tab, ()))]


def sources_of(screen: "ScreenHost", selection: "Selection", marked: Keys) -> tuple[Source, ...]:
    """The marked rows before the sets of the config; a row that is not marked after them."""
    view = screen.session.maintenance
    sets = tuple(Source(name, partial(view.plan, name)) for name in view.set_names)
    if marked:
        return (Source(_marked_label(marked), partial(view.plan_marked, marked)), *sets)
    label, keys = _row_of(screen, selection)
    rows = [(_KINDS[screen.TAB], key) for key in keys]
    return (*sets, Source(label, partial(view.plan_marked, rows))) if rows else sets


def _marked_label(marked: Keys) -> str:
    """`3 marked rows`, `2 marked syncs and 1 connection`."""
    syncs = sum(kind is MemberKind.SYNC for kind, _ in marked)
    if syncs in (0, len(marked)):
        return counted(len(marked), "marked row")
    return f"{counted(syncs, 'marked sync')} and {counted(len(marked) - syncs, 'connection')}"


def _row_of(screen: "ScreenHost", selection: "Selection") -> tuple[str, Sequence[str]]:
    """What the row under the cursor is called, and its key."""
    kind = _KINDS.get(screen.TAB)
    if kind is MemberKind.ENGINE:
        return ENGINE_NAME, [ENGINE]
    if kind is None or selection.nothing:
        return "", ()
    keys = [str(getattr(target, "id", "")) for target in selection.targets]
    names = [brief(str(getattr(target, "name", "")), _LONGEST_LABEL) for target in selection.targets]
    return ", ".join(names), keys
