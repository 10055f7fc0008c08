"""Activity: the changes made from here, newest first, and their results.

The audit trail is a local file: it is read when the screen is shown, on refresh, while something is
being sent and after that.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.events import ScreenResume

from tui.ops.audit.entries import Entry, Standing
from tui.ops.operations.registry import title_of
from tui.presentation.columns import ACTIVITY, Column
from tui.store.freshness import Freshness, FreshnessKind
from tui.ui.bindings import list_bindings
from tui.ui.modals.details.details import Details
from tui.ui.modals.details.plugin_response import answer_facts
from tui.ui.screens.activity import rows as activity_rows
from tui.ui.screens.list_row import ListRow
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.list_status import MORE, NO_ROW

if TYPE_CHECKING:
    from tui.domain.history.records import Subject
    from tui.ui.screens.row_cache import Rank

LOCAL = "local"
"""What the header says instead of *live*."""


class ActivityScreen(ListScreen[Entry], inherit_bindings=False):
    BINDINGS: ClassVar[list[BindingType]] = list_bindings()
    TAB = "Activity"
    COLUMNS: ClassVar[Sequence[Column]] = ACTIVITY
    NOUN = ("entry", "entries")
    MORE_FIELDS = ("id", "host", "request")
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {
        "health": "health",
        "state": "result",
        "said": "message",
    }
    AGES: ClassVar[Mapping[str, str]] = {"age": "age", "time": "age"}
    NOTHING = "nothing read yet"
    EMPTY = "Nothing was changed from here yet."
    NAMES_TARGETS = True

    def targets(self) -> Sequence[Entry] | None:
        history = self.session.trail.history
        if history is None or self.past is None:
            return None if history is None else history.entries
        until = self.past.at
        return [one for one in history.entries if one.at <= until]

    def banner(self) -> str:
        """Of a past time, that the results are those that are known now; of a file, that it has none."""
        if self.session.facts.is_recording:
            return "This file holds no audit trail: the changes made with syncdeck are not in it"
        return "" if self.past is None else "Changes up to this time, with what is known of them now"

    def key_of(self, target: Entry) -> str:
        return target.id

    def lister(self, now: datetime) -> Callable[[Entry], ListRow]:
        return lambda entry: activity_rows.listed(entry, self._standing(entry), now)

    def ranker(self, now: datetime) -> "Callable[[Entry], Rank]":
        return lambda entry: (activity_rows.order(entry), self._standing(entry).is_open)

    def context(self) -> object:
        """Which responses may still arrive: that changes without the trail."""
        targets = self.targets() or ()
        return frozenset(one.id for one in targets if self._standing(one) is Standing.IN_FLIGHT)

    def details(self, target: Entry) -> Details:
        """Its records, and the full response where it arrived in this session."""
        standing, others = self._standing(target), self.targets() or ()
        facts = activity_rows.facts(target, standing, self.session.clock(), others)
        answer = self.session.answers.get(target.id)
        if answer is not None:
            facts = (*facts, ("", ""), ("Response", ""), *answer_facts(answer, unfolded=True))
        return Details(facts, {"records": [dict(record) for record in target.records]})

    def title_of(self, target: Entry) -> str:
        return f"{title_of(target.operation)} · {target.target}"

    def named_target(self) -> "Subject | str":
        from tui.session.history_events import subject_of

        entry = self.target
        if entry is None:
            return NO_ROW
        return subject_of(entry) or "this change has more than one target"

    def _standing(self, entry: Entry) -> Standing:
        history = self.session.trail.history
        assert history is not None  # noqa: S101 - there is an entry
        return history.standing(entry, self.session.clock())

    def whole(self, target: Entry) -> str:
        return activity_rows.last_word(target, self._standing(target))

    # Local data instead of topics of the store.

    def on_mount(self) -> None:
        """Follow what is being sent: its attempt is recorded a little after the confirmation."""
        self.set_interval(1.0, self._follow_sending)

    def _follow_sending(self) -> None:
        if self.session.is_sending and self.is_current:
            self.session.trail.again()

    def on_screen_resume(self, event: ScreenResume) -> None:
        self.session.trail.again()

    def trail_read(self) -> None:
        self.look_at_clock()
        self.rebuild_rows()

    def read_clock(self) -> datetime:
        """The trail is dated by our own clock."""
        return self.session.clock() if self.past is None else self.past.at

    def chips(self) -> Sequence[Freshness]:
        """Of the file, which is not polled: nothing here says how fresh the server's data is."""
        trail = self.session.trail
        if trail.trouble and trail.history is not None:
            return [Freshness(FreshnessKind.STALE, f"stale: {trail.trouble}", trusted=False)]
        if trail.trouble:
            return [Freshness(FreshnessKind.NO_DATA, f"no data: {trail.trouble}", trusted=False)]
        if trail.history is None:
            return [Freshness(FreshnessKind.WAITING, "reading…", trusted=False)]
        if self.past is not None:
            return [Freshness(FreshnessKind.DATED, "recorded")]
        return [Freshness(FreshnessKind.DATED, LOCAL)]

    def trouble(self) -> tuple[str, str]:
        trail = self.session.trail
        if trail.trouble:
            return f"the audit trail cannot be read: {trail.trouble} · r reads it again", "error"
        broken = len(trail.history.broken) + trail.history.more_broken if trail.history else 0
        if not broken:
            rests = self.session.bulks.unsent()
            return (rests[0].words, "warning") if rests else ("", "")
        lines = f"{broken} line{'' if broken == 1 else 's'}"
        return f"{lines} of the audit trail unreadable: syncdeck audit verify lists them", "warning"

    def clock_note(self) -> str:
        return ""

    def incomplete_note(self) -> str:
        if self._listing.is_making:
            return MORE
        history = self.session.trail.history
        if history is None or not (history.left_out or not history.is_whole):
            return ""
        return f"{history.left_out} older not shown" if history.is_whole else "older not shown"

    def ask_again(self) -> None:
        super().ask_again()
        self.session.trail.again()
