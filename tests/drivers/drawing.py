"""Consoles in tests draw what somebody reads, and parse no stylesheet and match no widget with its rules
that another one has parsed and matched."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.drivers import headless_driver
from textual.widget import Widget

from tests.drivers.through import ThroughDriver
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.fact_list import Facts
from tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.css.styles import RulesMap
    from textual.dom import DOMNode
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


_apply = Stylesheet.apply
_FLAGS = ("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even")
"""What Textual notes at a widget of the rules that may hold for it."""
_matched: dict[tuple[Any, ...], "_Matched"] = {}
_Matched = tuple[tuple[Any, ...], "RulesMap | None", tuple[bool, ...]]


class _Noted(dict[tuple[Any, ...], Any]):
    """What Textual would keep for siblings: the rules, unless they depend on their order or on the focus
    within.
    """

    is_asked = False
    rules: "RulesMap | None" = None

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        self.is_asked = True

    def __setitem__(self, key: tuple[Any, ...], rules: Any) -> None:
        self.rules = rules


def _look(node: "DOMNode") -> tuple[Any, ...]:
    """All that a selector can ask a node for, its order among siblings aside."""
    look = (type(node), node._id, frozenset(node._classes), node._pseudo_classes_cache_key)
    if isinstance(node, App):
        return (*look, node.app_focus, node.theme, node.ansi_color, node.no_color, node.is_inline)
    return (*look, isinstance(node, Widget) and node.can_focus)


_numbers: dict[tuple[int, ...], int] = {}


def _number(stylesheet: Stylesheet) -> int:
    """The same for stylesheets with the same rules, which are kept above: each has its identity."""
    noted: Any = stylesheet.__dict__.get("_number")
    if noted is None or noted[0] is not stylesheet.rules:
        number = _numbers.setdefault(tuple(map(id, stylesheet.rules)), len(_numbers))
        stylesheet.__dict__["_number"] = noted = stylesheet.rules, number
    return int(noted[1])


def _apply_once(
    stylesheet: Stylesheet,
    node: "DOMNode",
    *,
    animate: bool = False,
    cache: "dict[tuple[Any, ...], RulesMap] | None" = None,
) -> None:
    """The rules of a widget, matched for one console and taken by all that have the same rules, where
    it and all around it are alike.
    """
    place: list[Any] = [_number(stylesheet)]
    around: Any = node
    while around is not None:
        place.append(_look(around))
        around = around._parent
    key = tuple(place)
    found = _matched.get(key)
    if found is None:
        noted = _Noted()
        _apply(stylesheet, node, animate=animate, cache=noted)
        if noted.is_asked:
            _matched[key] = key, noted.rules, tuple(getattr(node, flag) for flag in _FLAGS)
        node.__dict__["_matched_as"] = key
        return
    key, rules, flags = found
    is_known = node.__dict__.get("_matched_as") is key
    for flag, holds in zip(_FLAGS, flags, strict=True):
        setattr(node, flag, holds)
    if rules is not None:
        if node.styles.base._rules == rules:
            node.notify_style_update()
        else:
            stylesheet.replace_rules(node, rules, animate=animate)
    if not is_known:
        # What is drawn within it in a style of its own; else the same as the last time.
        stylesheet._process_component_classes(node)
        node.__dict__["_matched_as"] = key


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


def must_be_drawn(root: object) -> list[Widget]:
    """What has an effect by being drawn: in a dialog it starts the reading time, and lists lay
    themselves out as they draw."""
    if not isinstance(root, Dialog):
        return []
    return [
        one
        for one in below(root)
        if isinstance(one, RowList) or (isinstance(one, Facts) and not one.is_drawn)
    ]


def draw_what_must_be(compositor: Compositor) -> None:
    """Draw of it what is in sight."""
    if drawn := must_be_drawn(compositor.root):
        for widget, (region, clip) in compositor.visible_widgets.items():
            if widget in drawn:
                seen = region.intersection(clip)
                widget.render_lines(seen.translate((-region.x, -region.y)))


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
        if full:
            return draw(compositor, full, **more)
        draw_what_must_be(compositor)
        compositor._dirty_regions.clear()
        return None

    draws_all = issubclass(headless_driver.HeadlessDriver, ThroughDriver)
    with pytest.MonkeyPatch.context() as patched:
        if not draws_all:
            patched.setattr(Compositor, "render_update", not_yet)
            patched.setattr(Stylesheet, "apply", _apply_once)
        patched.setattr(Stylesheet, "_parse_rules", _parse_once)
        # The same by identity, without a call of Python for each rule at each widget.
        patched.setattr(RuleSet, "__hash__", object.__hash__)
        yield None if draws_all else picture
