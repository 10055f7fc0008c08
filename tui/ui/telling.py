"""The part of the app that listens: what happened is told where the operator is looking.

Invariant: only the screen in front is told; one that was left, or is not laid out, is never touched.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual import work
from textual.driver import Driver

from tui.domain.result import Result, told
from tui.ui import garbage
from tui.ui.attention import TABS_COUNTED, tabs_of
from tui.ui.messages import (
    BulkEnded,
    BulkMoved,
    ControlWatched,
    LineMeasured,
    LookedBack,
    OperationFinished,
    PasteIncomplete,
    SnapshotChanged,
    TrailRead,
)
from tui.ui.modals.dialog import Dialog
from tui.ui.screens.deck import DeckScreen
from tui.ui.screens.marked import MarkedListScreen
from tui.ui.sturdy import SturdyApp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.ui.desk import Desk

_TONES = {
    "applied": "ok",
    "accepted": "ok",
    "unchanged": "ok",
    "unknown": "warning",
    "conflict": "warning",
}
"""Of what is said of a write that ended so; anything else is an error."""


_LONGEST_ROUND_TRIP = 2.0
"""Seconds above which a first answer says more about the start than about the line."""
_ENDED = object()
_SLOW_LINE = 0.25
"""Seconds of a round trip from which `--slow` is worth a word."""


class TellingApp(SturdyApp):
    """What posts of the desk come to."""

    desk: "Desk"
    is_slow = False
    """Whether the line is known to be slow."""
    round_trip = 0.0
    """Seconds that the terminal took for its first answer; 0 until there is one."""
    monotonic: Callable[[], float] = staticmethod(monotonic)
    """The clock that says when a key was typed, and when something was drawn."""
    has_left = False
    """Whether the console is on its way out: nothing is told any more."""

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class)
        self.decks: dict[str, DeckScreen] = {}
        """The full screens of the desk in front, by name."""
        self._counting: dict[str, Iterator[None] | None] = {}
        """By tab, the count that follows or is under way."""
        self._warned: set[str] = set()
        self._reminded: Desk | None = None
        """The desk of which it was said what an earlier console left open."""

    @property
    def deck(self) -> DeckScreen | None:
        """The full screen in front, below any dialog."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, DeckScreen)), None)

    def tell(self, text: str, tone: str) -> None:
        """Say something where it is in sight."""
        if isinstance(self.screen, Dialog):
            self.screen.trouble(text, tone)
        elif self.deck is not None:
            self.deck.notice(text, tone)

    def _say(self, text: str, tone: str) -> None:
        """Say something on the screen in front; on one that is not laid out yet, as soon as it is."""
        deck = None if self.has_left else self.deck
        if deck is None:
            return
        if deck.is_mounted:
            deck.notice(text, tone)
            deck.look_at_clock()
        else:
            deck.call_later(deck.notice, text, tone)

    def on_snapshot_changed(self, message: SnapshotChanged) -> None:
        """Tell the screen in front, and the dialog that lies above it."""
        known = self.desk.snapshot(message.topic).data
        if isinstance(known, tuple):
            garbage.grown(message.topic, len(known))
        for tab in tabs_of(message.topic):
            self._count(tab)
        deck = None if self.has_left else self.deck
        if deck is not None and deck.is_mounted:
            deck.snapshot_changed(message.topic)
            self.snapshot_shown()
            self._warn(deck)
            self._follow_dialog()

    def count_all(self) -> None:
        """Count what needs attention again: the time alone makes a sync overdue."""
        for tab in TABS_COUNTED:
            self._count(tab)

    def _count(self, tab: str) -> None:
        """Count what needs attention on a tab: a few things at once, many while keys are answered.

        What changes meanwhile is counted after it.
        """
        counting = self.desk.attention.counting(tab)
        if self._counting.get(tab) is not None:
            self._counting[tab] = counting
            return
        if next(counting, _ENDED) is _ENDED:
            self.show_attention()
        else:
            self._counting[tab] = counting
            self._count_rest(tab, counting)

    @work(group="attention")
    async def _count_rest(self, tab: str, counting: "Iterator[None]") -> None:
        while True:
            for _ in counting:
                await asyncio.sleep(0)
            self.show_attention()
            following = self._counting[tab]
            if following is counting or following is None:
                break
            counting = following
        self._counting[tab] = None

    def show_attention(self) -> None:
        """Show what was counted, on the screen in front and in the window's title."""
        deck = None if self.has_left else self.deck
        if deck is not None and deck.is_mounted:
            deck.show_attention()

    def snapshot_shown(self) -> None:
        """Called once the screen in front shows something new."""

    def _follow_dialog(self) -> None:
        if isinstance(self.screen, Dialog) and self.screen.is_mounted:
            self.screen.follow()

    def _warn(self, deck: DeckScreen) -> None:
        """Say what the service found odd about the profile's secrets, each once."""
        core = self.desk.core
        fresh = [text for text in core.service.warnings if text not in self._warned] if core else []
        if fresh:
            self._warned.update(fresh)
            deck.add_notice("\n".join(fresh))

    def on_line_measured(self, message: LineMeasured) -> None:
        """Where the line is slow, say what helps; nothing is switched."""
        seconds = message.round_trip
        self.round_trip = min(seconds, _LONGEST_ROUND_TRIP)
        if self.deck is not None and seconds >= _SLOW_LINE and not self.is_slow:
            line = f"the line is slow, {seconds:.1f} s there and back"
            said = f"{line}: syncdeck --slow draws and asks less"
            # The screen may not be laid out yet.
            self.deck.call_later(self.deck.add_notice, said)

    def on_paste_incomplete(self, message: PasteIncomplete) -> None:
        """Say what of a paste was kept."""
        from tui.ui.pasting import incomplete

        self.tell(incomplete(message), "warning")

    def on_trail_read(self, message: TrailRead) -> None:
        """Tell the screen in front; at the start, say what an earlier console left without outcome."""
        from tui.ui.reminder import reminder

        deck = None if self.has_left else self.deck
        if deck is not None and deck.is_mounted:
            deck.trail_read()
            self._follow_dialog()
            if self._reminded is not self.desk and self.desk.trail.is_read:
                self._reminded = self.desk
                deck.add_notice(reminder(self.desk.trail, self.desk.clock()))
                self.desk.look_back()

    def on_looked_back(self, message: LookedBack) -> None:
        """Say what became of what an earlier console left without outcome."""
        from tui.ui.reminder import left_alone, looked_back

        seen = looked_back(message.found, message.of) if message.found else ""
        told = filter(None, (seen, left_alone(message.elsewhere)))
        self._say(" · ".join(told), "warning")

    def on_operation_finished(self, message: OperationFinished) -> None:
        """Say on the screen in front how a write ended."""
        self.desk.trail.again()
        outcome, what = message.outcome, message.proposal
        elsewhere = "" if message.profile == self.desk.facts.name else f"profile {message.profile}: "
        said = f"{elsewhere}{what.operation.title} · {what.target}: {outcome.told}"
        tone = _TONES.get(outcome.kind, "error")
        if tone == "ok" and (outcome.differences or outcome.unrecorded):
            tone = "warning"
        self._say(" · ".join(filter(None, (said, outcome.next_step))), tone)

    def on_control_watched(self, message: ControlWatched) -> None:
        """Say on the screen in front, and in the review that is still open, what it led to."""
        from tui.ui.modals.review import ReviewDialog

        verdict = message.verdict
        well = verdict.result is Result.APPLIED and not verdict.unrecorded
        tone = "ok" if well else "warning"
        said = told(verdict.result, verdict.sentence)
        if verdict.unrecorded:
            said = f"{said} · not recorded in the audit trail: {verdict.unrecorded}"
        self._say(said, tone)
        if isinstance(self.screen, ReviewDialog):
            self.screen.watched(message.proposal, said, tone)

    def on_bulk_moved(self, message: BulkMoved) -> None:
        """Bring the progress up to date, if it is in front."""
        from tui.ui.modals.bulk_progress import BulkProgressDialog

        if isinstance(self.screen, BulkProgressDialog) and self.screen.run is message.run:
            self.screen.follow()

    def on_bulk_ended(self, message: BulkEnded) -> None:
        """Say how it ended, and take the marks of those away for which it went well."""
        self.desk.trail.again()
        for deck in self.decks.values():
            if isinstance(deck, MarkedListScreen) and deck.is_mounted:
                deck.unmark(message.run)
        elsewhere = "" if message.profile == self.desk.facts.name else f"profile {message.profile}: "
        self._say(f"{elsewhere}{message.sentence}", "ok" if message.run.is_well else "warning")
