"""The part of the app that handles events: it shows each where the operator is looking.

Invariant: only the screen in front is updated; one that was left, or is not laid out, is never touched.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, cast

from textual import work
from textual.driver import Driver

from tui.session.events import (
    AttemptsChecked,
    BulkEnded,
    BulkMoved,
    ControlWatched,
    HistoryChanged,
    MaintenanceChanged,
    MaintenanceEnded,
    OperationFinished,
    TrailRead,
)
from tui.session.tab_attention import TABS_COUNTED, tabs_of
from tui.ui.lean_imports import load_forms
from tui.ui.messages import LineMeasured, PasteIncomplete, SessionChanged, SnapshotChanged
from tui.ui.resilient_app import ResilientApp
from tui.ui.screens.marking import MarkedListScreen
from tui.ui.screens.tab_screen import TabScreen
from tui.ui.terminal import gc_policy as garbage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.domain.maintenance.coverage import Covered
    from tui.session.past_store import Past
    from tui.session.session import Session
    from tui.ui.host import AppHost
    from tui.ui.modals.unsent_rest import RestChoice, UnsentRestDialog

_TONES = {
    "applied": "ok",
    "accepted": "ok",
    "unchanged": "ok",
    "unknown": "warning",
    "conflict": "warning",
}
"""The tone of a write's message by its outcome; anything else is an error."""


_LONGEST_ROUND_TRIP = 2.0
"""Seconds above which the first response measures the start rather than the line."""
_MOST_RESTS = 3
"""Interrupted bulks that are reported at the start."""
_ENDED = object()
_NOTICED = 0.1
"""Seconds of a round trip from which on a form loads its modules before it is opened."""
_SLOW_LINE = 0.25
"""Seconds of a round trip from which `--slow` is suggested."""


class EventApp(ResilientApp):
    """The base of the app: events of the session arrive here."""

    session: "Session"
    is_slow = False
    """Whether the line is known to be slow."""
    round_trip = 0.0
    """Seconds that the terminal took for its first response; 0 until there is one."""
    monotonic: Callable[[], float] = staticmethod(monotonic)
    """The clock of typed keys and drawn frames."""
    has_left = False
    """Whether the console is ending: nothing is shown any more."""

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class)
        self.tab_screens: dict[str, TabScreen] = {}
        """The full screens of the session in front, by name."""
        self._counting: dict[str, Iterator[None] | None] = {}
        """By tab, the count that is scheduled or under way."""
        self._covered: Covered | None = None
        """What was in maintenance when the rows were made."""
        self._counted: Past | None = None
        """The time that was looked at when everything was counted last."""
        self._warned: set[str] = set()
        self._reminded: Session | None = None
        """The session for which the open attempts of the previous console were reported."""
        self._offered: Session | None = None
        """The session for which interrupted maintenance was offered."""

    @property
    def tab_screen(self) -> TabScreen | None:
        """The full screen in front, below any dialog."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, TabScreen)), None)

    @property
    def _laid_out(self) -> TabScreen | None:
        """The screen in front, if it may be updated now."""
        screen = None if self.has_left else self.tab_screen
        return screen if screen is not None and screen.is_mounted else None

    def _named(self, profile: str) -> str:
        """What stands before a message of another profile."""
        return "" if profile == self.session.facts.name else f"profile {profile}: "

    def tell(self, text: str, tone: str) -> None:
        """Show a message where it is in sight."""
        from tui.ui.modals.dialog import Dialog

        if isinstance(self.screen, Dialog):
            self.screen.trouble(text, tone)
        elif self.tab_screen is not None:
            self.tab_screen.notice(text, tone)

    def untell(self, text: str) -> None:
        """Take a message away, where nothing else was shown since."""
        if self.tab_screen is not None:
            self.tab_screen.unnotice(text)

    def _say(self, text: str, tone: str) -> None:
        """Show a message on the screen in front; if it is not laid out yet, as soon as it is."""
        screen = None if self.has_left else self.tab_screen
        if screen is None:
            return
        if screen.is_mounted:
            screen.notice(text, tone)
            screen.look_at_clock()
        else:
            screen.call_later(screen.notice, text, tone)

    def on_snapshot_changed(self, message: SnapshotChanged) -> None:
        known = self.session.snapshot(message.topic).data
        if isinstance(known, tuple):
            garbage.grown(message.topic, len(known))
        for tab in tabs_of(message.topic):
            self._count(tab)
        screen = self._laid_out
        if screen is not None:
            screen.snapshot_changed(message.topic)
            self.snapshot_shown()
            self._warn(screen)
            self._follow_dialog()
            # When the journals were read, the screen may not have been laid out.
            self._offer_maintenance(screen)

    def count_all(self) -> None:
        """Count what needs attention again: time alone makes a sync overdue."""
        for tab in TABS_COUNTED:
            self._count(tab)

    def _count(self, tab: str) -> None:
        """Count what needs attention on a tab: a few targets at once, many while keys are handled.

        A change meanwhile is counted afterwards.
        """
        counting = self.session.attention.counting(tab)
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
        if self._laid_out is not None:
            self._laid_out.show_attention()

    def snapshot_shown(self) -> None:
        """Called once the screen in front shows something new."""

    def _follow_dialog(self) -> None:
        if isinstance(self.screen, TabScreen):
            return
        from tui.ui.modals.dialog import Dialog

        if isinstance(self.screen, Dialog) and self.screen.is_mounted:
            self.screen.follow()

    def _warn(self, screen: TabScreen) -> None:
        core = self.session.core
        fresh = [text for text in core.notices if text not in self._warned] if core else []
        if fresh:
            self._warned.update(fresh)
            screen.add_notice("\n".join(fresh))

    def on_line_measured(self, message: LineMeasured) -> None:
        """Where the line is slow, suggest `--slow`; nothing is switched."""
        seconds = message.round_trip
        self.round_trip = min(seconds, _LONGEST_ROUND_TRIP)
        if seconds >= _NOTICED:
            self.run_worker(load_forms(asyncio.sleep), group="forms", exclusive=True)
        if self.tab_screen is not None and seconds >= _SLOW_LINE and not self.is_slow:
            line = f"the line is slow ({seconds:.1f} s round trip)"
            hint = f"{line}: syncdeck --slow draws and polls less"
            # The screen may not be laid out yet.
            self.tab_screen.call_later(self.tab_screen.add_notice, hint)

    def on_paste_incomplete(self, message: PasteIncomplete) -> None:
        from tui.ui.terminal.pasted_text import incomplete

        self.tell(incomplete(message), "warning")

    def on_session_changed(self, message: SessionChanged) -> None:
        match message.event:
            case TrailRead():
                self._trail_read()
            case HistoryChanged():
                self._history_changed()
            case MaintenanceChanged():
                self._maintenance_changed()
            case MaintenanceEnded() as event:
                self._maintenance_ended(event)
            case AttemptsChecked() as event:
                self._attempts_checked(event)
            case OperationFinished() as event:
                self._operation_finished(event)
            case ControlWatched() as event:
                self._control_watched(event)
            case BulkMoved() as event:
                self._bulk_moved(event)
            case BulkEnded() as event:
                self._bulk_ended(event)

    def _history_changed(self) -> None:
        """Show the time that is looked at, also in the frame."""
        view = self.session.history
        past = None if view is None else view.past
        self.set_class(past is not None, "-past")
        if self._laid_out is not None:
            self._laid_out.history_changed()
        if past is not self._counted:
            self._counted = past
            self.count_all()

    def _trail_read(self) -> None:
        """Update the screen in front; at the start, report what the previous console left without
        outcome."""
        from tui.session.recovery import reminder

        screen = self._laid_out
        if screen is not None:
            screen.trail_read()
            self._follow_dialog()
            if self._reminded is not self.session and self.session.trail.is_read:
                self._reminded = self.session
                screen.add_notice(reminder(self.session.trail, self.session.clock()))
                self._remind_of_rests(screen)
                self.session.check_open_attempts()

    def _remind_of_rests(self, screen: TabScreen) -> None:
        """Report what an interrupted bulk never sent, and offer the newest that can be sent here."""
        rests = self.session.bulks.unsent()
        if not rests:
            return
        from tui.ui.modals.unsent_rest import UnsentRestDialog, can_be_reviewed

        # Nothing is put before a dialog or form in which somebody already types.
        is_free = self.screen is screen
        offered = next(filter(can_be_reviewed, rests), None) if is_free else None
        for rest in rests[:_MOST_RESTS]:
            if rest is not offered:
                screen.add_notice(rest.words)
        if offered is not None:
            dialog = UnsentRestDialog(self.session, offered)
            self.push_screen(dialog, partial(self._rest_chosen, dialog))

    def _rest_chosen(self, dialog: "UnsentRestDialog", choice: "RestChoice | None") -> None:
        from tui.ui.modals.unsent_rest import RestChoice, review_keys, review_rest, tab_of

        rest = dialog.rest
        if choice is RestChoice.DECLINE:
            self.run_worker(self.session.bulks.decline(rest.plan), group="rest")
        elif choice is RestChoice.REVIEW:
            self.show_tab(tab_of(rest))
            screen = self.tab_screen
            if screen is not None and rest.plan.rest_file is not None:
                screen.call_after_refresh(review_keys, screen, rest)
            elif isinstance(screen, MarkedListScreen):
                screen.call_after_refresh(review_rest, screen, rest)

    def _maintenance_changed(self) -> None:
        screen = self._laid_out
        if screen is None:
            return
        if self.session.covered is not self._covered:
            # Rows that are off by it, and what counts as a problem, are others.
            self._covered = self.session.covered
            screen.follow_all()
            self.count_all()
        screen.look_at_clock()
        self.show_attention()
        self._follow_dialog()
        self._offer_maintenance(screen)

    def _offer_maintenance(self, screen: TabScreen) -> None:
        """Once at the start, offer what a previous console left half done."""
        if self._offered is self.session or not self.session.maintenance.is_read:
            return
        self._offered = self.session
        if self.session.maintenance.interrupted and self.screen is screen:
            from tui.ui.modals.maintenance.opening import offer_interrupted

            offer_interrupted(cast("AppHost", self), self.session)

    def _maintenance_ended(self, event: MaintenanceEnded) -> None:
        self.session.trail.again()
        run = event.run
        self._say(f"{self._named(run.one.profile)}{run.summary}", "ok" if run.is_well else "warning")
        self._maintenance_changed()

    def show_tab(self, name: str) -> None:
        """Called for a screen that has to be in front."""

    def _attempts_checked(self, event: AttemptsChecked) -> None:
        """Report the results of what the previous console left without outcome."""
        from tui.session.recovery import checked_text, unchecked_text

        seen = checked_text(event.found, event.of) if event.found else ""
        texts = filter(None, (seen, unchecked_text(event.elsewhere)))
        self._say(" · ".join(texts), "warning")

    def _operation_finished(self, event: OperationFinished) -> None:
        self.session.trail.again()
        outcome, what = event.outcome, event.proposal
        message = f"{self._named(event.profile)}{what.operation.title} · {what.target}: {outcome.text}"
        tone = _TONES.get(outcome.kind, "error")
        if tone == "ok" and (outcome.differences or outcome.unrecorded):
            tone = "warning"
        self._say(" · ".join(filter(None, (message, outcome.next_step))), tone)

    def _control_watched(self, event: ControlWatched) -> None:
        from tui.domain.result import with_result
        from tui.ui.modals.review.review import ReviewDialog

        verdict = event.verdict
        tone = "ok" if verdict.is_well else "warning"
        message = verdict.sentence if verdict.run else with_result(verdict.result, verdict.sentence)
        if verdict.unrecorded:
            message = f"{message} · not recorded in the audit trail: {verdict.unrecorded}"
        self._say(message, tone)
        if isinstance(self.screen, ReviewDialog):
            self.screen.watched(event.proposal, message, tone)

    def _bulk_moved(self, event: BulkMoved) -> None:
        from tui.ui.modals.review.bulk_progress import BulkProgressDialog

        if isinstance(self.screen, BulkProgressDialog) and self.screen.run is event.run:
            self.screen.follow()

    def _bulk_ended(self, event: BulkEnded) -> None:
        self.session.trail.again()
        for screen in self.tab_screens.values():
            if isinstance(screen, MarkedListScreen) and screen.is_mounted:
                screen.unmark(event.run)
        text = f"{self._named(event.profile)}{event.summary}"
        self._say(text, "ok" if event.run.is_well else "warning")
