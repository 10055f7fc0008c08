"""What both history screens share: lines that are read in a thread, and the keys that go through them.

Invariant: a key never waits for a read, and nothing is shown that was not read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.history.clock_text import clock_text
from tui.domain.history.grouping import Line, neighbour
from tui.domain.history.records import Event, EventKind
from tui.ops.operations.registry import OPERATIONS
from tui.ui.bindings import PAST, bindings_for
from tui.ui.host import app_of
from tui.ui.modals.history import lines as texts
from tui.ui.modals.history.time_input import TimeDialog
from tui.ui.modals.list_dialog import EntriesDialog
from tui.ui.widgets.fact_list import Fact
from tui.ui.widgets.filter_bar import FilterBar
from tui.ui.widgets.row_list import Row
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.domain.filters import Filter
    from tui.session.history_view import HistoryView
    from tui.session.session import Session

READING = "reading…"
NO_FURTHER = "nothing further is recorded"
SHORT = 20
"""Below this many lines of the screen, the list needs those that explain it."""
_TIGHT = 17
"""Below this many, the line under the cursor needs those of the margins and of the header."""
_MOST_CHOSEN = 3
"""Lines that the style gives to the text of the line under the cursor."""
_STRIKE = "press X again to strike this note through"
_HOUR = timedelta(hours=1)


class HistoryDialog(EntriesDialog[Line]):
    """Lines newest first; the cursor is a line, and `{ }` and `t` go to the line nearest to a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(*PAST),
        Binding("question_mark", "keys", "keys", key_display="?"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("B", "look_back", "look back", key_display="B"),
        Binding("N", "note", "note", show=False),
        Binding("X", "strike", "strike a note", show=False),
        Binding("y", "copy", "copy", show=False),
        Binding("q", "leave", "Back", show=False),
    ]

    KEYS: ClassVar[tuple[Fact, ...]] = (
        ("/", "Filter the lines."),
        ("B", "Look back: show every list as it was at this line."),
        ("N", "Add a line to the history, with user and time."),
        ("X", "Strike this note through; notes are never edited."),
        ("y", "Copy this line."),
    )
    """What `?` lists beside the keys through the past."""

    def __init__(self, title: str, session: "Session", view: "HistoryView") -> None:
        super().__init__(title)
        self.session, self.view = session, view
        self.lines: tuple[Line, ...] = ()
        """What was read, newest first."""
        self._filter: Filter | None = None
        self._go_to: datetime | None = None
        """Where the cursor goes once the read that is under way has ended."""
        self._asked: tuple[str | None, datetime] | None = None
        """The time that was gone to last, and the line that the cursor found there."""
        self._striking: str | None = None
        """The note whose striking was asked for."""

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="about", classes="-empty")
        yield TextLine(id="strip", classes="-empty")
        yield from super().compose_body()

    def compose_tail(self) -> ComposeResult:
        yield from super().compose_tail()
        yield FilterBar()

    def on_mount(self) -> None:
        self.rows.focus()
        self.read()

    def give_room(self, lines: int) -> None:
        self.set_class(self.size.height < SHORT, "-short")
        chosen = self.query_one("#chosen", TextLine)
        needed = self.lines_of(chosen.shown, _MOST_CHOSEN)
        left = max(1, lines - needed + chosen.outer_size.height)
        super().give_room(left)
        above = sum(self.query_one(one).outer_size.height for one in ("#about", "#strip"))
        self.rows.styles.max_height = max(1, left - 1 - above)

    @property
    def _is_low(self) -> bool:
        return super()._is_low or self.size.height < _TIGHT

    def bar_rank(self, action: str) -> int:
        """Where not all keys fit, the one that lists them does."""
        return ("leave", "keys").index(action) if action in ("leave", "keys") else 2

    # Reading.

    async def read_lines(self, now: datetime) -> Sequence[Line]:
        """Read what the dialog shows, and show what stands above the list."""
        raise AttributeError("read_lines")

    @work(group="history", exclusive=True)
    async def read(self, said: str = "") -> None:
        """Read again, and show `said` then; a newer read makes an older one void."""
        self.trouble(READING, "busy")
        try:
            self.lines = tuple(await self.read_lines(self.view.at))
        except OSError as error:
            self.trouble(f"the history cannot be read: {error}. Check the directory of [history]")
            return
        self.trouble(said or ("" if self.lines else self.nothing()), "ok" if said else "off")
        self._show()
        if self._go_to is not None:
            at, self._go_to = self._go_to, None
            self._to_nearest(at)

    def nothing(self) -> str:
        """Why there is no line, and what to do."""
        return ""

    def show_about(self, about: str, strip: str = "") -> None:
        """Show what stands above the list."""
        self.query_one("#about", TextLine).show(about)
        self.query_one("#strip", TextLine).show(strip)
        self.call_after_refresh(self._fit_body)

    def cells(self, line: Line, now: datetime) -> tuple[str, ...]:
        raise AttributeError("cells")

    def row(self, key: str, entry: Line) -> Row:
        return Row(key, *texts.sign_of(entry), self.cells(entry, self.view.at))

    def whole(self, entry: Line) -> str:
        return texts.whole_of(entry, self.view.at)

    def _show(self) -> None:
        lines, now = self.lines, self.view.at
        if self._filter is not None and (self._filter.terms or self._filter.problem):
            lines = tuple(self._filter.among(lines, lambda line: texts.record_of(line, now)))
        self.shown(lines, now)
        self.show_entries(texts.keyed(lines))

    def shown(self, lines: Sequence[Line], now: datetime) -> None:
        """These lines are shown, without those that the filter leaves out."""

    # Keys.

    async def action_operation(self, operation_id: str) -> None:
        """The keys of the registry."""
        {
            "history.previous": lambda: self._step(forward=False),
            "history.next": lambda: self._step(forward=True),
            "history.hour-back": lambda: self._hour(-1),
            "history.hour-forward": lambda: self._hour(1),
            "history.problem-previous": lambda: self._step(forward=False, problems=True),
            "history.problem-next": lambda: self._step(forward=True, problems=True),
            "history.time": self._ask_time,
        }[operation_id]()

    @property
    def at(self) -> datetime:
        """The time of the line under the cursor."""
        return self.view.at if self.chosen is None else self.chosen.at

    def _step(self, *, forward: bool, problems: bool = False) -> None:
        shown = tuple(self.entries.values())
        found = neighbour(shown, self.at, forward=forward, problems=problems)
        if found is None:
            self.beyond(forward=forward, problems=problems)
            return
        self.trouble("")
        self.rows.go_to(next(key for key, line in self.entries.items() if line is found))

    def beyond(self, *, forward: bool, problems: bool) -> None:
        """There is no such line among those that were read."""
        where = "after" if forward else "before"
        what = "problem" if problems else "change"
        self.trouble(f"no {what} {where} this one: {NO_FURTHER}", "off")

    def _hour(self, hours: int) -> None:
        """From the time that was asked for, as long as the cursor stays: lines may be hours apart."""
        asked = self._asked
        start = asked[1] if asked is not None and asked[0] == self.rows.target else self.at
        self.go_to_time(min(start + hours * _HOUR, self.view.at))

    def _ask_time(self) -> None:
        self.app.push_screen(TimeDialog("Go to a time (UTC)", self.view.at), self._time_chosen)

    def _time_chosen(self, at: datetime | None) -> None:
        if at is not None:
            self.go_to_time(at)

    def go_to_time(self, at: datetime) -> None:
        """Put the cursor on the line nearest to a time."""
        self._to_nearest(at)

    def read_around(self, at: datetime) -> None:
        self._go_to = at
        self.read()

    def _to_nearest(self, at: datetime, lead: str = "") -> None:
        """`lead`: what has to be said before."""
        if not self.entries:
            self._asked = None, at
            return
        key, line = min(self.entries.items(), key=lambda item: abs(item[1].at - at))
        self.rows.go_to(key)
        self._asked = key, at
        now = self.view.at
        self.trouble(f"{lead}nearest to {clock_text(at, now)}: {clock_text(line.at, now)}", "off")

    async def action_filter(self) -> None:
        self.query_one(FilterBar).open()

    @on(FilterBar.Edited)
    def _read_filter(self) -> None:
        self._filter = self.query_one(FilterBar).read({name: name for name in texts.FIELDS}, {}, {})
        self.trouble(self._filter.problem or "")
        self._show()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self._read_filter()
        self.rows.focus()

    def action_keys(self) -> None:
        from tui.ui.modals.help import HelpDialog

        past = ((OPERATIONS[one].key, OPERATIONS[one].help) for one in PAST)
        self.app.push_screen(HelpDialog("history", (*past, *self.KEYS, ("esc", "Go back."))))

    def action_copy(self) -> None:
        chosen = self.chosen
        if chosen is None:
            self.trouble("there is no line to copy", "off")
            return
        app_of(self).copy_text(self.whole(chosen), "the line")

    def action_look_back(self) -> None:
        """Look at every list as it was at the line under the cursor."""
        from tui.ui.modals.history.looking import look_at

        at = self.at
        self.dismiss(None)
        look_at(app_of(self), self.view, at)

    def action_note(self) -> None:
        from tui.ui.modals.history.note_input import open_note

        open_note(app_of(self), self.view, self.read)

    def action_strike(self) -> None:
        """Strike the note under the cursor through, once the key was pressed again."""
        event, key = (self.chosen.event if self.chosen else None), self.rows.target
        if event is None or event.kind is not EventKind.NOTE:
            self.trouble("only a note can be struck through", "off")
        elif event.struck_by:
            self.trouble("this note is struck through already", "off")
        elif self._striking != key:
            self._striking = key
            self.last_key.begin()
            self.trouble(f"{_STRIKE}: it cannot be undone", "warning")
        else:
            self.last_key.take(
                partial(self._strike, event), lambda: self.trouble(f"wait, then {_STRIKE}", "warning")
            )

    def _strike(self, note: Event) -> None:
        from tui.ui.modals.history.note_input import strike_note

        self._striking = None
        strike_note(app_of(self), self.view, note, self.read)
