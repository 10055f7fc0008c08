"""The history on every full screen: its keys, and what changes while looking back.

While looking back, `[ ] { } t e E` stand in place of the operations that these keys have otherwise; the
header says the time in reverse, and what got worse since.
"""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work

from tui.ops.operations.operation import Operation, Scope
from tui.ops.operations.registry import OPERATIONS
from tui.session.session_view import HISTORY_NOT_READ, NOT_CONNECTED
from tui.ui.bindings import PAST, operation_of
from tui.ui.host import Handler, app_of
from tui.ui.screens.past_cells import NOTHING_KNOWN, STRIP_CELLS, PastCells
from tui.ui.terminal.compositor import WatchfulScreen
from tui.ui.widgets.screen_header import ScreenHeader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from tui.domain.history.records import Subject
    from tui.session.history_view import HistoryView, SubjectHistory
    from tui.session.past_store import Past
    from tui.session.session import Session
    from tui.store.freshness import Freshness
    from tui.store.snapshot import Topic
    from tui.ui.modals.details.details import DetailsDialog
    from tui.ui.modals.why.question import AskingScreen, Question
    from tui.ui.widgets.fact_list import Fact

_PAST_KEYS = frozenset(one.key for one in OPERATIONS.values() if one.scope is Scope.PAST)
_NONE_KEPT = "nothing is recorded: set enabled = true in [history] of the config"
_NO_SERVER = "this is a recording: there is no server to poll"
_NO_ROW = "this screen has no rows with a history: H shows what happened"
_STRIPS_FROM = 100
"""Cells of the screen from which there is room for strips."""
_STRIPS_EVERY = 10
"""Minutes."""
_MINUTE = timedelta(minutes=1)
_BAR = ("history.back", *PAST)
_LEADING = "« "


class HistoryScreen(WatchfulScreen[None]):
    """The base of `TabScreen` for the history."""

    session: "Session"
    HISTORY_OF: ClassVar[str] = ""
    """The kind of the subjects that it lists (`SubjectKind`); empty: none."""
    NAMES_TARGETS: ClassVar[bool] = False
    """Whether its rows name targets of other lists: `W` asks about those."""
    TOPICS: "ClassVar[tuple[Topic, ...]]" = ()
    _past_shown: "Past | None" = None
    _version_shown = 0
    """Of what the history adds to rows."""
    _minute: "datetime | None" = None
    _minute_of: "Past | None" = None
    """The time that was looked at when the minute was read."""
    _own_minute: "datetime | None" = None
    _turned_at: "datetime | None" = None
    """When it was read, by our clock."""
    _minutes = 0
    _aside_wanted: "tuple[Subject, int] | None" = None
    """Of which subject, and at which version, the side was read last."""
    _aside_read: "SubjectHistory | None" = None

    @property
    def past(self) -> "Past | None":
        """What is looked at; None: now."""
        view = self.session.history
        return None if view is None else view.past

    # The time that is shown.

    def now(self) -> "datetime":
        """The minute that all ages in the rows refer to."""
        if self._minute is None or self._minute_of is not self.past:
            self._minute, self._own_minute = self.read_clock(), self._own_clock()
            self._minute_of, self._turned_at = self.past, self.session.clock()
        return self._minute

    def read_clock(self) -> "datetime":
        """The time by the clock that the ages refer to: the server's."""
        return self.session.now(self.TOPICS[0].system)

    def turn_minute(self) -> None:
        """Once a minute by the clock that dates the rows: a timer stops while the machine sleeps."""
        if self._turned_at is not None and abs(self.session.clock() - self._turned_at) >= _MINUTE:
            self.minute_passed()

    def minute_passed(self) -> None:
        """All ages turn together; the strips move on more seldom, their cells being hours."""
        self._minute, self._turned_at = None, self.session.clock()
        self._minutes += 1
        view = self.session.history
        if view is not None and self._minutes % _STRIPS_EVERY == 0:
            view.refresh()
        self.follow_all()

    def follow_all(self) -> None:
        """Follow every topic of the screen."""

    def want_strips(self) -> None:
        """Have the strips read where there is room for them."""
        if self.HISTORY_OF and self.size.width >= _STRIPS_FROM:
            self.session.want_strips(STRIP_CELLS)

    def _own_clock(self) -> "datetime":
        """Ours, which dates the history; while looking back, the time by which rows are judged."""
        return self.session.clock() if self.past is None else self.past.judged_at

    # Which keys there are.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Of two operations on one key, only one is there at a time."""
        operation = OPERATIONS.get(str(parameters[0])) if action == "operation" else None
        return operation is None or self.is_offered(operation)

    def is_offered(self, operation: Operation) -> bool:
        """Whether its key has that meaning now; the history of a row only where rows have one."""
        if operation.id == "history.row" and not self.HISTORY_OF:
            return False
        if operation.id == "why" and not (self.HISTORY_OF or self.NAMES_TARGETS):
            return False
        if self.past is None:
            return operation.scope is not Scope.PAST
        return operation.scope is Scope.PAST or operation.key not in _PAST_KEYS

    def bar_rank(self, action: str) -> int | None:
        """The history comes after what works, what the profile refuses last; while looking back the
        history is first, `B` before the keys that go through it. `U` is there only where it unlocks."""
        operation, core = operation_of(action), self.session.core
        name = "" if operation is None else operation.id
        if name == "unlock" and not (core is not None and core.guard.can_unlock):
            return None
        if self.past is None:
            barred = operation is not None and core is not None and self.session.refusal(operation)
            return 2 if barred else int(name.startswith("history."))
        return _BAR.index(name) if name in _BAR else len(_BAR)

    def history_handlers(self) -> dict[str, Handler]:
        moves = ("previous", "next", "hour-back", "hour-forward", "problem-previous", "problem-next")
        return {
            "history.row": partial(self._with_view, self._open_row),
            "history.all": partial(self._with_view, self._open_all),
            "history.back": partial(self._with_view, self._look_back),
            "history.note": partial(self._with_view, self._open_note),
            **{f"history.{move}": partial(self._with_view, partial(self._move, move)) for move in moves},
            "history.time": partial(self._with_view, self._ask_time),
            "why": self._ask_why,
        }

    def of_server(self, act: "Callable[[], None]") -> str | None:
        """Do what needs a server to poll."""
        if self.session.facts.is_recording:
            return _NO_SERVER
        act()
        return None

    def _with_view(self, act: "Callable[[HistoryView], str | None]") -> str | None:
        view, core = self.session.history, self.session.core
        if view is not None:
            return act(view)
        if core is None:
            return self.session.failure or NOT_CONNECTED
        return _NONE_KEPT if core.late_history is None else HISTORY_NOT_READ

    # What they do.

    def subject(self) -> "Subject | str":
        """The subject under the cursor; or why there is none."""
        return _NO_ROW

    def named_target(self) -> "Subject | str":
        """The target that the row under the cursor names; or why it names none."""
        return _NO_ROW

    def subject_of(self, key: str, name: str) -> "Subject":
        from tui.domain.history.records import Subject, SubjectKind

        return Subject(SubjectKind(self.HISTORY_OF), key, name)

    def _open_row(self, view: "HistoryView") -> str:
        subject = self.subject() if self.HISTORY_OF else _NO_ROW
        if isinstance(subject, str):
            return subject
        from tui.ui.modals.history.row_history import RowHistoryDialog

        self.app.push_screen(RowHistoryDialog(self.session, view, subject))
        return ""

    def _ask_why(self) -> str:
        question = self._question()
        if isinstance(question, str):
            return question
        from tui.ui.modals.why.dialog import ask

        ask(question)
        return ""

    def _question(self) -> "Question | str":
        from tui.ui.modals.why.question import question_of

        return question_of(cast("AskingScreen", self))

    def explained(self, dialog: "DetailsDialog") -> "DetailsDialog":
        """Details of what `W` would ask about: it says why there as well."""
        if self.HISTORY_OF:
            question = self._question()
            dialog.question = None if isinstance(question, str) else question
        return dialog

    def _open_all(self, view: "HistoryView") -> None:
        from tui.ui.modals.history.what_happened import WhatHappenedDialog

        self.app.push_screen(WhatHappenedDialog(self.session, view))

    def _open_note(self, view: "HistoryView") -> None:
        from tui.ui.modals.history.note_input import open_note

        open_note(app_of(self), view, partial(app_of(self).tell, tone="ok"))

    def _look_back(self, view: "HistoryView") -> None:
        """Ask for a time; while looking back, return to now, or to the end of a replayed file."""
        if not self.return_to_now():
            self._ask_time(view, "1h ago")

    def _ask_time(self, view: "HistoryView", value: str = "") -> None:
        from tui.ui.modals.history.time_input import TimeDialog

        opened = view.ends_at or self.session.clock()

        def chosen(at: "datetime | None") -> None:
            if at is not None:
                self._look_at(view, at if at < opened else None)

        dialog = TimeDialog("Look back: show every list as it was at (UTC)", opened, value)
        self.app.push_screen(dialog, chosen)

    def _look_at(self, view: "HistoryView", at: "datetime | None") -> None:
        from tui.ui.modals.history.looking import look_at

        look_at(app_of(self), view, at)

    def _move(self, move: str, view: "HistoryView") -> None:
        from tui.domain.history.records import SubjectKind
        from tui.ui.modals.history.looking import go

        go(app_of(self), view, move, SubjectKind(self.HISTORY_OF) if self.HISTORY_OF else None)

    def return_to_now(self) -> bool:
        """Whether it was looking back; the end of a replayed file is its now."""
        view = self.session.history
        if view is None or view.past is None or view.past.at == view.ends_at:
            return False
        self._look_at(view, None)
        return True

    # What is shown.

    def history_changed(self) -> None:
        """Another time is looked at, or since when rows are in their level became known."""
        view = self.session.history
        if view is None:
            return
        self.want_strips()
        if view.past is not self._past_shown:
            self._past_shown, self._version_shown = view.past, view.version
            self._minute = None
            self.time_changed()
        elif self.HISTORY_OF:
            changed, self._version_shown = view.changed_since(self._version_shown), view.version
            own = changed and [one.key for one in changed if one.kind == self.HISTORY_OF]
            if own is None or own:
                self.aside_changed(own)

    def time_changed(self) -> None:
        """Show another time."""

    def aside_changed(self, keys: "Collection[str] | None") -> None:
        """Show since when these rows are in their level; None: all."""

    def show_past(self) -> None:
        """The time that is looked at in the header, and what got worse behind it; else the profile, and
        whether recording is paused."""
        view, header = self.session.history, self.query_one(ScreenHeader)
        if view is None or view.past is None:
            header.show_profile(self.session.facts, is_paused=view is not None and view.is_paused)
            return
        header.show_past(_LEADING + view.looking_at, self.session.facts)
        if view.worse_now:
            header.show_engine(view.worse_now, "worse")

    def nothing_then(self, otherwise: str) -> str:
        """What stands in place of rows where there are none; `otherwise`: what is said of now."""
        return otherwise if self.past is None else "nothing recorded then"

    def past_trouble(self, chips: "Sequence[Freshness]") -> tuple[str, str] | None:
        """That nothing was seen at the time that is looked at, empty where it was, or where the screen
        has a past of its own; None: it is now."""
        past = self.past
        if past is None or not past.unseen or all(chip.trusted for chip in chips):
            return None if past is None else ("", "")
        from tui.domain.history.clock_text import clock_text

        now = self.session.clock()
        if past.gap is None:
            begins = "" if past.begins is None else clock_text(past.begins, now)
            return f"Nothing was recorded then: the recording began at {begins}", "warning"
        since, until = (clock_text(at, now) for at in (past.gap.start, past.gap.end))
        text = (
            f"Not seen from {since} to {until}: {past.gap.reason}. The list shows what was known before;"
            " [ and ] go to the changes around it"
        )
        return text, "warning"

    def aside_facts(self) -> "tuple[Fact, ...]":
        """The strip and the last changes of the subject; read in a thread, and empty until then."""
        view = self.session.history
        subject = self.subject() if view is not None and self.HISTORY_OF else ""
        if view is None or isinstance(subject, str):
            return ()
        if self._aside_wanted != (subject, view.version):
            self._aside_wanted = subject, view.version
            self._read_aside(view, subject)
        read = self._aside_read
        if read is None or read.subject != subject:
            return ()
        from tui.ui.modals.history.aside import facts_of

        return facts_of(read, in_ascii=app_of(self).in_ascii)

    @work(group="aside", exclusive=True)
    async def _read_aside(self, view: "HistoryView", subject: "Subject") -> None:
        from tui.ui.modals.history.aside import DAY

        try:
            read = await view.of_subject(subject, view.at - DAY, view.at, STRIP_CELLS)
        except OSError:
            # The history screens say why; a list needs no second message.
            return
        self._aside_read = read
        self.aside_read()

    def aside_read(self) -> None:
        """Show what was read of the subject beside the list."""

    def since_as_time(self, key: str) -> "Mapping[str, str]":
        """Since when a row is in its level, for a copy; by column."""
        from tui.domain.history.records import SubjectKind
        from tui.domain.timestamps import iso

        view = self.session.history
        since = view.since(SubjectKind(self.HISTORY_OF), key) if view and self.HISTORY_OF else None
        if since is None:
            return {}
        return {"since": f"{iso(since.at)}{'' if since.is_known else ' or earlier'}"}

    def aside(self, key: str) -> PastCells:
        """What the history adds to a row."""
        view = self.session.history
        if view is None or not self.HISTORY_OF:
            return NOTHING_KNOWN
        from tui.ui.modals.history.aside import cells_of

        at = self._own_minute or self._own_clock()
        return cells_of(view, self.HISTORY_OF, key, at, in_ascii=app_of(self).in_ascii)
