"""The first lines of every screen: profile, engine state, freshness, tabs, and open maintenance."""

from collections.abc import Iterable, Mapping

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.domain.health.counts import Counts
from tui.domain.profile import ProfileFacts
from tui.store.freshness import Freshness
from tui.ui.widgets.tabs import Tabs
from tui.ui.widgets.text_line import TextLine

_LONGEST_NAME = 14
"""Cells."""
_MARGINS = 2
"""Cells beside the line of open maintenance."""


def where_of(facts: ProfileFacts) -> str:
    """Program, profile, environment and guard."""
    if facts.is_recording:
        return f" syncdeck · replay of {_short(facts.name)} · read-only"
    guard = " · read-only" if facts.read_only else " · UNLOCKED" if facts.unlocked else ""
    return f" syncdeck · {_short(facts.name)} · {facts.environment.shown}{guard}"


def _short(name: str) -> str:
    """A long name must not push engine and freshness out of the line."""
    return name if cell_len(name) <= _LONGEST_NAME else f"{set_cell_size(name, _LONGEST_NAME - 1)}…"


class ScreenHeader(Vertical):
    def __init__(self, tabs: Iterable[tuple[str, str, bool]]) -> None:
        """`tabs`: (key, title, current)."""
        super().__init__()
        self._tabs = tuple(tabs)

    def compose(self) -> ComposeResult:
        with Horizontal(id="head"):
            yield TextLine(id="where")
            yield TextLine(id="engine")
            yield TextLine(id="chip")
        yield Tabs(self._tabs)

    @property
    def tabs(self) -> str:
        return self.query_one(Tabs).shown

    def show_profile(self, facts: ProfileFacts, *, is_paused: bool = False) -> None:
        """`is_paused`: the history cannot be written now."""
        note = " · history paused" if is_paused else ""
        self.query_one("#where", TextLine).show(where_of(facts) + note, facts.environment.value)

    def show_past(self, text: str, facts: ProfileFacts) -> None:
        """While looking back: the time, then whose it is."""
        where = where_of(facts).removeprefix(" syncdeck · ")
        self.query_one("#where", TextLine).show(f" {text} · {where} ", "past")

    def show_attention(self, counts: Mapping[str, Counts]) -> None:
        self.query_one(Tabs).show(counts)

    def show_maintenance(self, text: str, tone: str) -> None:
        """A line below the tabs while maintenance is open; without a text there is none."""
        shown = self.query("#maintenance")
        if shown:
            shown.first(TextLine).show(text, tone)
        elif text:
            self.mount(TextLine(text, tone, id="maintenance"))
        self.set_class(bool(text), "-maintained")
        self.app.set_class(bool(text), "-maintained")
        self.app.set_class(cell_len(text) > self.app.size.width - _MARGINS, "-two-lines")

    def show_engine(self, text: str, tone: str) -> None:
        self.query_one("#engine", TextLine).show(text, tone)

    def show_freshness(self, freshness: Freshness) -> None:
        self.query_one("#chip", TextLine).show(f" {freshness.text} ", f"chip-{freshness.kind}")
