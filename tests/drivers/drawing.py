"""Consoles in tests draw what somebody reads, and look up nothing that another one has: rules of
stylesheets, rules of widgets, handlers of messages, lines of wrapped text."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.drivers import headless_driver
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.widget import Widget

from tests.drivers.through import ThroughDriver
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets import fact_list
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
    key = (*source, *more.items(), _variables_of(stylesheet))
    if key not in _parsed:
        _parsed[key] = _parse(stylesheet, *source, **more)
    return _parsed[key]


def _variables_of(stylesheet: Stylesheet) -> frozenset[tuple[str, str]]:
    """Of one table, which is replaced and never changed, once."""
    noted: Any = stylesheet.__dict__.get("_noted_variables")
    if noted is None or noted[0] is not stylesheet._variables:
        noted = stylesheet._variables, frozenset(stylesheet._variables.items())
        stylesheet.__dict__["_noted_variables"] = noted
    return noted[1]


_apply = Stylesheet.apply
_FLAGS = ("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even")
"""What Textual notes at a widget of the rules that may hold for it."""
_matched: dict[tuple[Any, ...], "_Matched"] = {}
_Matched = tuple[tuple[Any, ...], "RulesMap | None", "RulesMap | None", tuple[bool, ...]]
"""What it looked like, its rules, what they made of a widget that had none, its flags."""


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
    look = type(node), node._id, frozenset(node._classes)
    if isinstance(node, App):
        return (*look, node.app_focus, node.theme, node.ansi_color, node.no_color, node.is_inline)
    if isinstance(node, Widget):
        return (*look, node.can_focus, node.mouse_hover, node.has_focus, node.disabled)
    return look


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
    base = node.styles.base
    is_fresh = not node._is_mounted and not base._rules
    if found is None:
        noted = _Noted()
        _apply(stylesheet, node, animate=animate, cache=noted)
        if noted.is_asked:
            made = base.get_rules() if is_fresh else None
            _matched[key] = key, noted.rules, made, tuple(getattr(node, flag) for flag in _FLAGS)
        node.__dict__["_matched_as"] = key
        return
    key, rules, made, flags = found
    is_known = node.__dict__.get("_matched_as") is key
    for flag, holds in zip(_FLAGS, flags, strict=True):
        setattr(node, flag, holds)
    if is_fresh and made is not None:
        base.merge_rules(made)
        node.notify_style_update()
    elif rules is not None:
        if base._rules == rules:
            node.notify_style_update()
        else:
            stylesheet.replace_rules(node, rules, animate=animate)
    if not is_known:
        # What is drawn within it in a style of its own; else the same as the last time.
        stylesheet._process_component_classes(node)
        node.__dict__["_matched_as"] = key


_find_handlers = MessagePump._get_dispatch_methods
_Handlers = tuple[tuple[type, str], ...]
_handlers: dict[tuple[type, type, str], "_Handlers | None"] = {}


def _handlers_of(pump: type, message: type[Message], name: str) -> "_Handlers | None":
    """In the order of Textual; None where it depends on more than the two classes."""
    found = []
    for cls in pump.__mro__:
        marked = cls.__dict__.get("_decorated_handlers") or {}
        if any(issubclass(message, one) for one in marked):
            return None
        handler = next((own for own in (f"_{name}", name) if cls.__dict__.get(own)), "")
        if handler and not getattr(cls.__dict__[handler], "_textual_on", None):
            found.append((cls, handler))
    return tuple(found)


def _handlers_once(
    pump: MessagePump, name: str, message: Message
) -> Iterator[tuple[type, Callable[[Message], Any]]]:
    """The handlers of a message, found once for each pair of classes."""
    key = type(pump), type(message), name
    try:
        known = _handlers[key]
    except KeyError:
        known = _handlers[key] = _handlers_of(*key)
    if known is None:
        yield from _find_handlers(pump, name, message)
        return
    for cls, handler in known:
        if message._no_default_action:
            return
        yield cls, cls.__dict__[handler].__get__(pump, cls)


_wrap_once = lru_cache(maxsize=4096)(fact_list._wrap)
"""Many tests read the same sentences."""


_get_reactive = Reactive.__get__
_uncomputed: "dict[Reactive[Any], set[type]]" = {}
"""The classes in which nothing computes that value."""


def _get_known(reactive: "Reactive[Any]", node: Any, owner: type) -> Any:
    """A value that is there, without a look for what might compute it."""
    cls = type(node)
    known = _uncomputed.get(reactive)
    if known is None:
        known = _uncomputed[reactive] = set()
    if cls in known:
        try:
            return node.__dict__[reactive.internal_name]
        except KeyError:
            return _get_reactive(reactive, node, owner)
    if node is not None and not hasattr(cls, reactive.compute_name):
        known.add(cls)
    return _get_reactive(reactive, node, owner)


class _Kept(dict[Any, Any]):
    """Of a drawn line, what is derived from it: Textual makes seven tables for each, mostly in vain."""

    set = dict.__setitem__


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
        is_same = self.is_of(screen)
        self._shown = screen, screen.size
        return is_same

    def is_of(self, screen: "Screen[Any]") -> bool:
        """Whether that screen has not changed since."""
        asked = screen._dirty_widgets or screen._layout_required or screen._compositor._dirty_regions
        return not asked and self._shown == (screen, screen.size)


def drawn_list(screen: "Screen[Any]") -> list[str]:
    """The lines of its list, where they are whole lines of the screen; nothing else is drawn."""
    for widget, (region, clip) in screen._compositor.visible_widgets.items():
        if isinstance(widget, RowList) and region.width == screen.size.width:
            seen = region.intersection(clip).translate((-region.x, -region.y))
            return [strip.text for strip in widget.render_lines(seen)]
    return []


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
        patched.setattr(MessagePump, "_get_dispatch_methods", _handlers_once)
        patched.setattr(fact_list, "_wrap", _wrap_once)
        patched.setattr(Reactive, "__get__", _get_known)
        patched.setattr("textual.strip.FIFOCache", lambda maxsize: _Kept())
        # The same by identity, without a call of Python for each rule at each widget.
        patched.setattr(RuleSet, "__hash__", object.__hash__)
        yield None if draws_all else picture
