"""Activity: what was changed from here, newest first, and what became of it.

The audit trail is a local file: it is read when the screen is shown, on refresh, while something is
being sent and after that.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tui.ops.history import Entry, Standing
from tui.store.freshness import Freshness, FreshnessKind
from tui.ui.keys import list_bindings
from tui.ui.modals.answer import answer_facts
from tui.ui.modals.details import Details
from tui.ui.reminder import title_of
from tui.ui.screens import activity_rows
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.listed import Listed
from tui.ui.widgets.columns import ACTIVITY, Column
from tui.ui.widgets.text_line import TextLine


class ActivityScreen(ListScreen[Entry], inherit_bindings=False):
    """The list of entries."""

    BINDINGS: ClassVar[list[BindingType]] = list_bindings()
    TAB = "Activity"
    COLUMNS: ClassVar[Sequence[Column]] = ACTIVITY
    NOUN = ("entry", "entries")
    MORE_FIELDS = ("id", "host", "request")
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {"health": "health", "state": "result"}
    AGES: ClassVar[Mapping[str, str]] = {"age": "age", "time": "age"}
    NOTHING = "nothing read yet"
    EMPTY = "Nothing was changed from here yet."

    def things(self) -> Sequence[Entry] | None:
        """What was read last."""
        history = self.desk.trail.history
        return None if history is None else history.entries

    def key_of(self, thing: Entry) -> str:
        """The id that joins its records."""
        return thing.id

    def lister(self, now: datetime) -> Callable[[Entry], Listed]:
        """How an entry's row is made."""
        return lambda entry: activity_rows.listed(entry, self._standing(entry), now)

    def context(self) -> object:
        """Which answers may still come: that changes without the trail."""
        things = self.things() or ()
        return frozenset(one.id for one in things if self._standing(one) is Standing.IN_FLIGHT)

    def details(self, thing: Entry, now: datetime) -> Details:
        """Everything known of it, its records, and the answer in full where it came in this session."""
        facts = activity_rows.facts(thing, self._standing(thing), self.desk.clock())
        answer = self.desk.answers.get(thing.id)
        if answer is not None:
            facts = (*facts, ("", ""), ("The answer", ""), *answer_facts(answer, unfolded=True))
        return Details(facts, {"records": [dict(record) for record in thing.records]})

    def title_of(self, thing: Entry) -> str:
        """Operation and target."""
        return f"{title_of(thing)} · {thing.target}"

    def _standing(self, entry: Entry) -> Standing:
        history = self.desk.trail.history
        assert history is not None  # noqa: S101 - there is an entry
        return history.standing(entry, self.desk.clock())

    def compose_body(self) -> ComposeResult:
        """The list, and below it all of what the row under the cursor may have cut."""
        yield from super().compose_body()
        yield TextLine(id="whole", classes="-empty")

    def _show_side(self) -> None:
        super()._show_side()
        entry = None if self.has_class("-wide") else self.target
        said = "" if entry is None else activity_rows.last_word(entry, self._standing(entry))
        self.query_one("#whole", TextLine).show(said)

    # Local data instead of topics of the store.

    def on_mount(self) -> None:
        """Follow what is being sent: its attempt is noted some time after it was confirmed."""
        self.set_interval(1.0, self._follow_sending)

    def _follow_sending(self) -> None:
        if self.desk.is_sending and self.is_current:
            self.desk.trail.again()

    def on_screen_resume(self) -> None:
        """Show what is known, and read the trail."""
        super().on_screen_resume()
        self.desk.trail.again()

    def trail_read(self) -> None:
        """Show the newest."""
        self.look_at_clock()
        self.list_anew()

    def read_clock(self) -> datetime:
        """The trail is dated by our own clock."""
        return self.desk.clock()

    def chips(self) -> Sequence[Freshness]:
        """Live once the trail was read."""
        trail = self.desk.trail
        if trail.trouble and trail.history is not None:
            return [Freshness(FreshnessKind.STALE, f"stale: {trail.trouble}", trusted=False)]
        if trail.trouble:
            return [Freshness(FreshnessKind.NO_DATA, f"no data: {trail.trouble}", trusted=False)]
        if trail.history is None:
            return [Freshness(FreshnessKind.WAITING, "reading…", trusted=False)]
        return [Freshness(FreshnessKind.LIVE, "live")]

    def trouble(self) -> tuple[str, str]:
        """Why the trail cannot be read, or which part of it."""
        trail = self.desk.trail
        if trail.trouble:
            return f"the audit trail cannot be read: {trail.trouble} · r tries again", "error"
        broken = len(trail.history.broken) + trail.history.more_broken if trail.history else 0
        if not broken:
            return "", ""
        lines = f"{broken} line{'' if broken == 1 else 's'}"
        return f"{lines} of the trail cannot be used: syncdeck audit verify names them", "warning"

    def clock_note(self) -> str:
        """No server's clock is concerned."""
        return ""

    def incomplete_note(self) -> str:
        """Says so where older entries are not shown."""
        history = self.desk.trail.history
        return f"{history.left_out} older not shown" if history and history.left_out else ""

    def ask_again(self) -> None:
        """Read the trail; the header's engine is asked as everywhere."""
        super().ask_again()
        self.desk.trail.again()
