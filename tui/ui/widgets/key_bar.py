"""The last line: only keys that work on what has the focus, the refused ones dimmed.

It replaces Textual's footer, which rebuilds its widgets at every focus change.
"""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tui.ui.host import app_of
from tui.ui.widgets.row_list import RowList


class KeyBar(Widget):
    """Keys and their titles, from the bindings that are active now."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--refused"}

    def __init__(
        self,
        refused: Callable[[str], bool] = lambda _action: False,
        rank: Callable[[str], int | None] = lambda _action: 0,
    ) -> None:
        """`refused`: whether an action is dimmed; pressing its key shows why.

        `rank`: those of the lowest come first; None: not now.
        """
        super().__init__()
        self._refused, self._rank = refused, rank
        self._entries: tuple[tuple[str, str, bool], ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.show(_entries(screen, self._refused, self._rank))

    def show(self, entries: tuple[tuple[str, str, bool], ...]) -> None:
        if entries != self._entries:
            self._entries = entries
            self.refresh()

    def render(self) -> RenderResult:
        """Draw as many entries as fit, none below a dialog; the rest is in the help."""
        if not self.screen.is_active:
            return Content()
        room, parts = self.size.width - 1, [Content(" ")]
        for key, title, enabled in self._entries:
            taken = cell_len(key) + cell_len(title) + 3
            if taken > room:
                break
            room -= taken
            style = "key-bar--key" if enabled else "key-bar--refused"
            parts.append(Content(key).stylize(self.get_visual_style(style)))
            text = Content(f" {title}  ")
            refused = self.get_visual_style("key-bar--refused")
            parts.append(text if enabled else text.stylize(refused))
        return Content.assemble(*parts)


def _takes_text(focused: Widget | None) -> bool:
    if focused is None or isinstance(focused, RowList):
        return False
    # Nothing before the first frame needs it.
    from textual.widgets import Input

    return isinstance(focused, Input)


def _entries(
    screen: Screen[object], refused: Callable[[str], bool], rank: Callable[[str], int | None]
) -> tuple[tuple[str, str, bool], ...]:
    typing = _takes_text(screen.focused)
    seen: dict[str, tuple[str, str, bool]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        key = binding.key_display or binding.key
        if app_of(screen).in_ascii and not key.isascii():
            # An arrow would become a letter.
            key = binding.key
        if (
            binding.show
            and binding.action not in seen
            and not (typing and len(key) == 1 and key.isascii())
        ):
            seen[binding.action] = (key, binding.description, not refused(binding.action))
    ranks = {action: at for action in seen if (at := rank(action)) is not None}
    return tuple(seen[action] for action in sorted(ranks, key=ranks.__getitem__))
