"""The frame of all modal screens: a title, a body that scrolls, one line of keys."""

from collections.abc import Callable
from typing import ClassVar, Self, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget

from tui.domain.text import brief
from tui.paths import styles_dir
from tui.ui.reading_time import LastKey
from tui.ui.terminal.compositor import WatchfulScreen
from tui.ui.widgets.fact_list import Facts
from tui.ui.widgets.key_bar import KeyBar
from tui.ui.widgets.size_guard import cover
from tui.ui.widgets.text_line import TextLine

Result = TypeVar("Result")
_HEADER_FRAME_MARGINS = 6
"""Lines: the header stays in sight, the frame and the body's margins take two each."""
_MOST_TROUBLE = 3
"""Lines that the style gives to a message."""
_LONGEST_HEADING = 100
"""Characters: a very long name must leave room for the body."""
_LOW = 14
"""Below this many lines of the screen the header is covered and there are no margins (`-low`)."""
_FRAME, _LOW_TROUBLE = 2, 2
"""Lines that the frame, and at most a message, take there."""


READING: tuple[BindingType, ...] = (
    Binding("q", "leave", "Back", show=False),
    Binding("j", "scroll(1)", "Down", show=False),
    Binding("k", "scroll(-1)", "Up", show=False),
)
"""The keys of dialogs that are read and in which nothing is typed."""


class Dialog(ModalScreen[Result], WatchfulScreen[Result]):
    """A modal screen; esc and F10 leave it. No key of the screens below reaches through it."""

    CSS_PATH = styles_dir() / "dialog.tcss"
    LAST_KEYS: ClassVar[frozenset[str]] = frozenset()
    """Actions that confirm: their keys are dim until the reading time is over."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", key_display="esc"),
        Binding("f10", "leave", "Back", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]

    LEAST_BODY: ClassVar[int] = 1
    """Lines of the body below which the header is covered."""
    _is_crowded = False
    """Whether it would have less beside the header."""

    asked_to_leave = False
    """Whether the question of `leave_or_ask` was shown, and nothing was done since."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title
        self.last_key = LastKey(self, self.reading_began)

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield TextLine(brief(self.heading, _LONGEST_HEADING), id="heading")
            with VerticalScroll(id="body", can_focus=False):
                yield from self.compose_body()
            yield from self.compose_tail()
            yield TextLine(id="trouble", classes="-empty")
            yield KeyBar(self.is_dimmed, self.bar_rank)

    def rename(self, heading: str) -> None:
        self.heading = heading
        self.query_one("#heading", TextLine).show(brief(heading, _LONGEST_HEADING))

    def on_mount(self) -> None:
        """Show the key for more as long as there is more."""
        body = self.query_one("#body")
        for changing in ("scroll_y", "virtual_size", "container_size"):
            self.watch(body, changing, self.refresh_bindings, init=False)
        self.app.app_resume_signal.subscribe(self, lambda _app: self.last_key.again())
        if not self.query(Facts):
            self.call_after_refresh(self.last_key.drawn)

    @on(Facts.Drawn)
    def _facts_drawn(self, message: Facts.Drawn) -> None:
        message.stop()
        self.facts_drawn()

    def facts_drawn(self) -> None:
        self.last_key.drawn()

    def on_screen_resume(self) -> None:
        """After another screen covered this one, it has to be read again."""
        self.query_one(KeyBar).refresh()
        self.last_key.again()

    def repeat(self, seconds: float, step: Callable[[], None]) -> Timer:
        """Do `step` every so many seconds while it is open: while it closes, its widgets go first."""
        return self.set_interval(seconds, lambda: step() if self.is_attached else None)

    def reading_began(self, seconds: float) -> None:
        """Show that no confirmation counts yet, and when it does."""
        if self.LAST_KEYS and self.is_attached:
            self.show_whether_ready()
            self.set_timer(seconds, self.show_whether_ready)

    def show_whether_ready(self) -> None:
        self.refresh_bindings()

    def is_dimmed(self, action: str) -> bool:
        """Whether the key of an action does not count yet."""
        return action.partition("(")[0] in self.LAST_KEYS and not self.last_key.is_ready

    def bar_rank(self, action: str) -> int:
        """The keys of the lowest come first in the bar."""
        return 0

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Draw again; what changed below several dialogs shows through all of them."""
        if regions and self.is_active:
            # Textual (8.2.8) marks only the one in front, the others show what they drew before.
            for screen in self.app.screen_stack[1:-1]:
                screen._set_dirty(*regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def on_screen_suspend(self) -> None:
        """Drop the drawn lines: Textual keeps the caches of hundreds of removed widgets."""
        for widget in self.walk_children(Widget, with_self=True):
            widget._styles_cache.clear()
        self.query_one(KeyBar).refresh()

    @property
    def has_more(self) -> bool:
        """Whether the body continues below what is in sight."""
        body = self.query_one_optional("#body")
        return body is not None and body.scroll_y < body.max_scroll_y

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The key for more is shown only where there is more."""
        return action != "more" or self.has_more

    def on_resize(self) -> None:
        """The body gets what is left of the screen; the fixed lines come first."""
        cover(self, self.app.size)
        self._fit_body()
        self.call_after_refresh(self._fit_body)
        self.last_key.again()
        self.call_after_refresh(self.last_key.again)

    def _fit_body(self) -> None:
        dialog, body = self.query_one_optional("#dialog"), self.query_one_optional("#body")
        trouble = self.query_one_optional("#trouble", TextLine)
        if not self.display or dialog is None or body is None or trouble is None:
            # This was scheduled for after the next refresh; the dialog may be closing, part by part.
            return
        others = (child for child in dialog.children if child not in (body, trouble))
        taken = sum(child.outer_size.height for child in others)
        banner = sum(map(self.app.has_class, ("-maintained", "-two-lines")))
        around = _HEADER_FRAME_MARGINS + banner
        room = self.size.height - around - taken - self.lines_of(trouble.shown, _MOST_TROUBLE)
        self._is_crowded = room < self.LEAST_BODY
        self.set_class(self._is_low, "-low")
        if self._is_low:
            room = self.size.height - _FRAME - taken - self.lines_of(trouble.shown, _LOW_TROUBLE)
        self.give_room(max(1, room))

    def give_room(self, lines: int) -> None:
        """The body may take this many lines."""
        self.query_one("#body").styles.max_height = lines

    @property
    def _is_low(self) -> bool:
        return self._is_crowded or self.size.height < _LOW

    def lines_of(self, text: str, most: int) -> int:
        """How many lines a text takes, at most `most`; it is not laid out yet when this is called."""
        width = max(1, self.query_one("#dialog").content_size.width)
        return min(most, len(Content(text).wrap(width))) if text else 0

    def compose_body(self) -> ComposeResult:
        yield from ()

    def compose_tail(self) -> ComposeResult:
        """The lines that stay in sight below the body."""
        yield from ()

    def follow(self) -> None:
        """Show the current data; called when the store has something new."""

    def conceal(self) -> None:
        """Hide secrets, such as a configuration value; most dialogs show none."""

    def trouble(self, text: str, tone: str = "error") -> None:
        """Show a problem in the dialog where it occurred."""
        self.query_one("#trouble", TextLine).show(text, tone)
        self._fit_body()

    def complain(self, text: str, tone: str = "error") -> None:
        """Show a problem that the next edit may make obsolete."""
        self.trouble(text, tone)

    def unsent(self) -> str:
        """What leaving the console would lose, or empty."""
        return ""

    def take_key(self, act: Callable[[], object], then: str) -> None:
        """Act on the key; one that was typed too early only shows what to do next."""
        self.last_key.take(act, lambda: self.refuse_key(then))

    def refuse_key(self, then: str) -> None:
        self.trouble(f"that was too early to count. Read this, then {then}", "warning")

    def leave_or_ask(self, leave: Callable[[], object], question: str) -> None:
        """Leave where the question was shown before, else show it."""
        if self.asked_to_leave:
            self.last_key.take(leave, lambda: self.complain(f"wait: {question}", "warning"))
        else:
            self.asked_to_leave = True
            self.last_key.begin()
            self.complain(question, "warning")

    def action_scroll(self, lines: int) -> None:
        self.query_one("#body", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_more(self) -> None:
        self.action_scroll(1)

    def action_page(self, direction: int) -> None:
        """Scroll the body by a screenful, less one line of overlap."""
        self.action_scroll(direction * max(1, self.query_one("#body").size.height - 1))

    def action_leave(self) -> None:
        self.dismiss(None)
