"""The application: first a frame, then the core; screens on demand; one way out.

Invariants: no server is contacted before the first frame; leaving never waits for a connection.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from tui.config.file import ConfigError
from tui.domain.elapsed import utc_now
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.terminal import TITLE_BACK, TITLE_KEPT, draws_faint
from tui.paths import styles_dir
from tui.session.session import Session
from tui.store.snapshot import Topic
from tui.ui.maintenance_words import leaving_words
from tui.ui.messages import SessionChanged, SnapshotChanged
from tui.ui.profile_switch import ProfileSwitch
from tui.ui.screens.tab_screen import TabScreen
from tui.ui.screens.tabs import screen_class, tabs_with
from tui.ui.terminal import gc_policy as garbage
from tui.ui.terminal.control_filter import ControlFilter
from tui.ui.terminal.key_queue import KeyDone, KeyQueue
from tui.ui.terminal_app import TerminalApp
from tui.ui.widgets.size_guard import cover, is_too_small

if TYPE_CHECKING:
    from tui.core import Core
    from tui.launch import Launch
    from tui.session.events import Event
    from tui.ui.host import ScreenHost

DEMO = ProfileFacts("demo", Environment.DEVELOPMENT, read_only=False, systems=frozenset(System))

_ALWAYS = ("ctrl+q", "ctrl+c", "ctrl+z", "ctrl+l")
"""Keys that have the same meaning everywhere."""
_START_LASTS = 3.0
"""Seconds after which the start is over, even where no server has responded yet."""
_QUESTION_STANDS = 5.0
"""Seconds within which a second press means yes."""


class SyncdeckApp(TerminalApp):
    """The console on one profile."""

    TITLE = "syncdeck"
    CSS_PATH = styles_dir() / "screens.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+c", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, priority=True),
        Binding("ctrl+l", "repaint", "Repaint", show=False, priority=True),
    ]

    def __init__(
        self,
        launch: "Launch",
        clock: Callable[[], datetime] = utc_now,
        driver_class: type[Driver] | None = None,
        elapsed: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(driver_class, in_ascii=launch.in_ascii)
        # Every screen would get two widgets that are never shown here.
        self._disable_tooltips = self._disable_notifications = True
        if self.native_ansi_color:
            self.css_path.append(styles_dir() / "ansi.tcss")
        self._launch = launch
        self._clock, self._elapsed = clock, elapsed
        self._filter = ControlFilter()
        self._behind: tuple[LineFilter, ...] = ()
        if launch.in_ascii:
            from tui.ui.terminal.ascii_filter import AsciiFilter

            self._behind = (AsciiFilter(),)
        self.session = self.new_session(launch.facts or DEMO)
        self.add_class(f"-{self.session.facts.environment.value}")
        self.is_slow = launch.slow
        self.set_class(launch.slow, "-slow")
        self.set_class(draws_faint(os.environ), "-faint")
        self._numbers = count()
        self.profiles = ProfileSwitch(self, launch)
        self.keeps_reports = launch.make_core not in (None, launch.demo_core)
        self.commands: list[str] = []
        """The commands typed at `:` in this session, oldest first; kept only here."""
        self.typed = KeyQueue(self, super().on_event)
        self._kept: Session | None = None
        """The session whose first state was kept for the next start."""
        self._asked_to_leave = False
        self.last_words: dict[str, str] = {}
        """By profile, the sentences for the terminal once the console was left."""
        self.trouble: str | None = None
        """The sentence for stderr, where the console could not start."""
        self.last_resort: Callable[[int], None] = lambda _code: None
        """Called when the console is left: ends the process if a clean end takes too long."""

    def new_session(self, facts: ProfileFacts) -> Session:
        """A session for a profile, not connected yet."""
        kept = self._launch.last_states
        last = kept.read(facts.name) if kept is not None else None
        session = Session(facts, self._clock, self._passed_on, self.report, last_state=last)
        session.given_elapsed = self._elapsed
        return session

    def _passed_on(self, event: "Event") -> None:
        self.post_message(SessionChanged(event))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own behind ours; ASCII after them where the terminal shows nothing else."""
        self._filter = self._filter.before((*super().get_line_filters(), *self._behind))
        return (self._filter,)

    async def on_event(self, event: events.Event) -> None:
        """Keys keep their order; after a resize the terminal's content is unknown."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if not is_too_small(self.size) or getattr(event, "key", "") in _ALWAYS:
                await self.typed.take(event)
            return
        if isinstance(event, events.Resize):
            self.action_repaint()
            for screen in self.screen_stack:
                cover(screen, event.size)
        await super().on_event(event)

    async def on_key_done(self, message: KeyDone) -> None:
        await self.typed.followed(message)

    # Starting.

    def get_default_screen(self) -> Screen[None]:
        """The first screen is in front from the start: none is laid out below it."""
        first = self._first_screen()
        # Textual removes a callback when a screen is left, and gives a default screen none.
        first._push_result_callback(first, None)
        return first

    def _first_screen(self) -> Screen[None]:
        if self._launch.facts is not None:
            return self._tab_screen("workers")
        from tui.ui.screens.welcome import WelcomeScreen

        return WelcomeScreen(str(self._launch.config_path), self._launch.config_note)

    def read_later_styles(self) -> None:
        """Read the rules of what no first frame shows, unless it was done."""
        later = str(styles_dir() / "later.tcss")
        if not self.stylesheet.has_source(later):
            self.stylesheet.read(later)

    def on_mount(self) -> None:
        """Show the first frame; everything else comes after it."""
        self.set_timer(_START_LASTS, garbage.resume)
        self._write_title(TITLE_KEPT)
        self.set_interval(60.0, self.count_all)
        self.set_interval(1.0, self._follow_clock)
        if self._launch.facts is not None:
            self._show_title()
        self.is_up = True

    def _follow_clock(self) -> None:
        """The title says of maintenance what the banner says."""
        if self.tab_screen is not None and not self.has_left:
            self._show_title()

    def on_ready(self) -> None:
        """The first frame is on its way."""
        if self._launch.facts is not None:
            self._start(self._launch.make_core or self._launch.demo_core)

    @work(group="connect")
    async def _start(self, make_core: Callable[[], "Core"]) -> None:
        try:
            await self.connect(self.session, make_core)
        except ConfigError as error:
            self.trouble = str(error)
            self.exit(return_code=2)

    async def connect(self, session: Session, make_core: Callable[[], "Core"]) -> None:
        """Build a session's core; a session that is no longer in front gets none.

        Raises ConfigError: the config is invalid.
        """
        core = await asyncio.to_thread(make_core)
        if session is not self.session:
            await core.aclose()
            return
        session.attach(core)
        core.store.subscribe(self._publish)
        core.poller.start()
        self._show_topics()
        if self.tab_screen is not None:
            # It may have been chosen a moment ago, and not be laid out yet.
            self.tab_screen.call_later(self.tab_screen.connected, "\n".join(core.warnings))

    def _publish(self, topic: Topic) -> None:
        garbage.resume()
        self.post_message(SnapshotChanged(topic))

    def action_start_demo(self) -> None:
        self.session = self.new_session(DEMO)
        self._show_environment()
        self.switch_screen(self._tab_screen("workers"))
        self._start(self._launch.demo_core)

    # Profiles.

    def hand_over(self, session: Session, tab: str = "") -> tuple[TabScreen, ...]:
        """Put another session in front, by default on the same tab; returns the old screens, which are
        no longer reachable."""
        tab = tab or (self.tab_screen.TAB.lower() if self.tab_screen is not None else "workers")
        self.note_last_words(self.session)
        left, self.tab_screens, self.session = tuple(self.tab_screens.values()), {}, session
        self._show_environment()
        self.switch_screen(self._tab_screen(tab))
        for screen in left:
            self.uninstall_screen(screen)
        return left

    async def rebuild(self) -> None:
        """Replace screens that may be broken by fresh ones; the first one in front."""
        while not isinstance(self.screen, TabScreen):
            self.pop_screen()
        for screen in self.hand_over(self.session, "workers"):
            if screen.is_attached:
                await screen.remove()

    def _show_environment(self) -> None:
        """Show the environment in the frame and in the terminal's title."""
        environment = self.session.facts.environment
        for known in Environment:
            self.set_class(known is environment, f"-{known.value}")
        self._show_title()

    # Screens.

    def _tab_screen(self, name: str) -> TabScreen:
        if name not in self.tab_screens:
            self.tab_screens[name] = screen_class(name)(self.session)
            self.install_screen(self.tab_screens[name], f"{name} {next(self._numbers)}")
        return self.tab_screens[name]

    def show_tab(self, name: str) -> None:
        screen = self._tab_screen(name)
        if self.screen is not screen:
            self.switch_screen(screen)
            self._show_topics(screen)

    def tabs_with(self, operation_id: str) -> Sequence[str]:
        return tabs_with(operation_id)

    def _show_topics(self, screen: TabScreen | None = None) -> None:
        """Hidden topics are polled less often; the header needs the engine everywhere."""
        shown = screen or self.tab_screen
        if self.session.core is not None and shown is not None:
            self.session.core.poller.show(frozenset({*shown.TOPICS, Topic.ENGINE}))

    def open_help(self, screen: "ScreenHost") -> None:
        from tui.ui.modals.help import HelpDialog, keys_of

        offered = ((operation, self.session.refusal(operation)) for operation in screen.offered())
        self.push_screen(HelpDialog(screen.TAB, keys_of(offered)))

    def open_profiles(self) -> str:
        return self.profiles.open()

    def open_undo(self) -> None:
        from tui.ui.modals.undo import UndoDialog

        self.push_screen(UndoDialog(self.session))

    def copy_text(self, text: str, what: str, then: str = "") -> None:
        """Copy by OSC 52 and to a private file; show exactly that, and the next step `then`."""
        from tui.ui.copying import copy

        copy(self, text, what, then)

    # The next start.

    def snapshot_shown(self) -> None:
        """Keep the first state that was shown; a killed console leaves it for the next start."""
        if self._kept is not self.session and self._keep_last_state():
            self._kept = self.session

    def _keep_last_state(self) -> bool:
        """Save what the first screen shows for the next start; whether it was saved."""
        name, kept = self.session.facts.name, self._launch.last_states
        facts = next((facts for facts in self._launch.profiles if facts.name == name), None)
        screen = self.tab_screens.get("workers")
        state = screen.state_to_keep(facts) if screen is not None and facts is not None else None
        if kept is None or state is None:
            return False
        try:
            kept.write(name, state)
        except OSError:
            # A cache that cannot be written needs no message.
            return False
        return True

    # Leaving.

    def action_leave(self) -> None:
        """Leave, once with a question if something would be lost; no request is waited for."""
        question = self.leave_or_ask()
        if question:
            self.tell(question, "warning")

    def leave_or_ask(self) -> str:
        """Leave; the first time, if something would be lost, return the question instead."""
        from tui.ui.modals.dialog import Dialog

        dialogs = [screen for screen in self.screen_stack if isinstance(screen, Dialog)]
        lost = next(filter(None, (dialog.unsent() for dialog in reversed(dialogs))), "")
        sessions = (self.session, *self.profiles.retired)
        under_way = next((session.under_way for session in sessions if session.is_sending), "")
        lost = lost or under_way.rstrip("…") or self.session.at_risk
        if not lost or self._asked_to_leave:
            self.leave(0)
            return ""
        self._asked_to_leave = True
        self.set_timer(_QUESTION_STANDS, self._forget_question)
        return f"{lost}. Press again to quit"

    @property
    def grace_s(self) -> float:
        """Seconds for which its end may wait for what a maintenance has sent."""
        sessions = (self.session, *self.profiles.retired)
        return max(session.maintenance.grace_s for session in sessions)

    def _forget_question(self) -> None:
        self._asked_to_leave = False

    def leave(self, code: int) -> None:
        """End the console with an exit code, without waiting; but see `grace_s`."""
        self.has_left = True
        self.is_up = False
        self.last_resort(code)
        self.exit(return_code=code)
        if self.session.core is not None:
            self.session.core.poller.pause(True)
        self._keep_last_state()
        if code == 0:
            self.note_last_words(self.session)

    def note_last_words(self, session: Session) -> None:
        """Note what the terminal is to say of a session's profile once the console was left."""
        words = (
            session.bulks.parting_words(),
            leaving_words(session),
            session.undo.parting_words(),
        )
        self.last_words[session.facts.name] = "\n".join(filter(None, words))

    async def on_unmount(self) -> None:
        """Close the sessions; what must be flushed is."""
        # The one in front is the last: an older one of the same profile knows less.
        sessions = (*self.profiles.retired, self.session)
        if not self.return_code:
            await asyncio.gather(*(session.bulks.ended() for session in sessions))
            await asyncio.gather(*(session.trail.catch_up() for session in sessions))
            for session in sessions:
                self.note_last_words(session)
        await asyncio.gather(*(session.aclose() for session in sessions))
        self._write_title(TITLE_BACK)
