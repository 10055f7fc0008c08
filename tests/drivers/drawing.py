"""Consoles in tests draw what somebody reads, and parse no stylesheet that another one has parsed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from textual._compositor import Compositor
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.drivers import headless_driver
from textual.widget import Widget

from tests.drivers.through import ThroughDriver
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.fact_list import Facts
from tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.screen import Screen

_parse = Stylesheet._parse_rules
_parsed: dict[tuple[Any, ...], list[RuleSet]] = {}


def _parse_once(stylesheet: Stylesheet, *source: Any, **more: Any) -> list[RuleSet]:
    """The rules of a source, parsed for one console and taken by all: they are never changed."""
    key = (*source, *more.items(), frozenset(stylesheet._variables.items()))
    if key not in _parsed:
        _parsed[key] = _parse(stylesheet, *source, **more)
    return _parsed[key]


class Picture:
    """The lines that were drawn last."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._shown: tuple[Screen[Any], Size] | None = None

    def changes(self) -> None:
        """From now on the screen is to look different."""
        self._shown = None

    def shows(self, screen: "Screen[Any]") -> bool:
        """Whether that screen has not changed since; if not, it is about to be drawn."""
        asked = screen._dirty_widgets or screen._layout_required or screen._compositor._dirty_regions
        now = (screen, screen.size)
        is_same = not asked and self._shown == now
        self._shown = now
        return is_same


def must_be_drawn(root: object) -> bool:
    """Whether drawing itself has an effect: in a dialog it starts the reading time, and lists lay
    themselves out as they draw."""
    if not isinstance(root, Dialog):
        return False
    return any(
        isinstance(one, RowList) or (isinstance(one, Facts) and not one.is_drawn) for one in below(root)
    )


def below(root: Widget) -> list[Widget]:
    """A widget and all that are in it: what `walk_children` finds, in a fraction of its time."""
    found = [root]
    for one in found:
        found += one._nodes._nodes
    return found


@contextmanager
def drawn_when_read() -> Iterator[Picture | None]:
    """Without a terminal nobody sees what is drawn between two looks: draw once it is looked at."""

    draw, picture = Compositor.render_update, Picture()

    def not_yet(compositor: Compositor, full: bool = False, **more: Any) -> Any:
        if full or compositor._dirty_regions:
            picture.changes()
        if full or must_be_drawn(compositor.root):
            return draw(compositor, full, **more)
        compositor._dirty_regions.clear()
        return None

    draws_all = issubclass(headless_driver.HeadlessDriver, ThroughDriver)
    with pytest.MonkeyPatch.context() as patched:
        if not draws_all:
            patched.setattr(Compositor, "render_update", not_yet)
        patched.setattr(Stylesheet, "_parse_rules", _parse_once)
        # The same by identity, without a call of Python for each rule at each widget.
        patched.setattr(RuleSet, "__hash__", object.__hash__)
        yield None if draws_all else picture
