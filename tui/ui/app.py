"""The application: first a frame, then the core; screens on demand; one way out.

Invariants: nothing remote is asked before the first frame; leaving never waits for a connection.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, work
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme

from tui.config.file import ConfigError
from tui.domain.ascii import in_ascii
from tui.domain.systems import Environment, ProfileFacts, System
from tui.domain.terminal import TITLE_BACK, TITLE_KEPT, draws_faint, is_poor
from tui.ops.registry import OPERATIONS
from tui.ops.undo import CarriedOutChanges
from tui.paths import styles_dir
from tui.store.snapshot import Topic
from tui.ui import garbage
from tui.ui.clipboard import fits, sequence, way
from tui.ui.copying import copy
from tui.ui.desk import Desk
from tui.ui.harmless_filter import HarmlessFilter
from tui.ui.messages import SnapshotChanged
from tui.ui.modals.dialog import Dialog
from tui.ui.profile_switch import ProfileSwitch
from tui.ui.screens.deck import DeckScreen
from tui.ui.screens.decks import DECKS
from tui.ui.telling import TellingApp
from tui.ui.terminal_title import title_of
from tui.ui.themes import THEMES
from tui.ui.typed_keys import KeyDone, TypedKeys
from tui.ui.widgets.too_small import cover, is_too_small

if TYPE_CHECKING:
    from tui.launch import Launch
    from tui.wiring import Core

DEMO = ProfileFacts("demo", Environment.DEVELOPMENT, read_only=False, systems=frozenset(System))

_ALWAYS = ("ctrl+q", "ctrl+c", "ctrl+z", "ctrl+l")
"""Keys that mean the same whatever is in sight."""
_QUESTION_STANDS = 5.0
"""Seconds for which a second press means yes."""


def _ascii_filter() -> LineFilter:
    from tui.ui.ascii_filter import AsciiFilter

    return AsciiFilter()


def utc_now() -> datetime:
    """The clock of the console."""
    return datetime.now(UTC)


class SyncdeckApp(TellingApp):
    """The console on one profile."""

    TITLE = "syncdeck"
    CSS_PATH = styles_dir() / "deck.tcss"
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
        super().__init__(driver_class)
        self._launch = launch
        self._clock, self._elapsed = clock, elapsed
        self.in_ascii = launch.in_ascii
        self._harmless = HarmlessFilter()
        self._ascii = _ascii_filter() if launch.in_ascii else None
        self._changes: dict[str, CarriedOutChanges] = {}
        """What this session changed, by profile."""
        self.desk = self.new_desk(launch.facts or DEMO)
        self.add_class(f"-{self.desk.facts.environment.value}")
        self.is_slow = launch.slow
        self.set_class(launch.slow, "-slow")
        self.set_class(draws_faint(os.environ), "-faint")
        self._numbers = count()
        self.profiles = ProfileSwitch(self, launch)
        self.keeps_reports = launch.make_core not in (None, launch.demo_core)
        self.commands: list[str] = []
        """What was written at `:` in this session, oldest first; kept nowhere else."""
        self.typed = TypedKeys(self, super().on_event)
        self._title = ""
        """What sets the window's title, as it was written last."""
        self._kept: Desk | None = None
        """The desk whose first state was kept for the next start."""
        self._asked_to_leave = False
        self.trouble: str | None = None
        """The sentence for stderr, where the console could not start."""
        self.last_resort: Callable[[int], None] = lambda _code: None
        """Called when the console is left: ends the process if a clean end takes too long."""

    def new_desk(self, facts: ProfileFacts) -> Desk:
        """A desk for a profile, without a core yet."""
        changes = self._changes.setdefault(facts.name, CarriedOutChanges())
        kept = self._launch.last_states
        last = kept.read(facts.name) if kept is not None else None
        desk = Desk(facts, self._clock, self.post_message, self.report, changes=changes, last_state=last)
        desk.given_elapsed = self._elapsed
        return desk

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes and ours; Textual chooses its default before one can be registered."""
        return {**super().available_themes, **THEMES}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our stylesheets use beyond Textual's own variables."""
        return {"dim": self.current_theme.foreground or "ansi_default"}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own behind ours; ASCII after them where the terminal shows nothing else."""
        filters = (self._harmless, *super().get_line_filters())
        return filters if self._ascii is None else (*filters, self._ascii)

    async def on_event(self, event: events.Event) -> None:
        """What is typed keeps its order; a terminal of another size shows nobody knows what."""
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
        """The next key's turn."""
        await self.typed.followed(message)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """As Textual's, however it is asked for; what must not be kept is hidden first."""
        if isinstance(self.screen, Dialog):
            self.screen.conceal()
        return super().export_screenshot(title=title, simplify=simplify)

    # Starting.

    def get_default_screen(self) -> Screen[None]:
        """The first screen is in front from the start: none is laid out below it."""
        first = self._first_screen()
        # Textual takes a callback away when a screen is left, and gives a default screen none.
        first._push_result_callback(first, None)
        return first

    def _first_screen(self) -> Screen[None]:
        if self._launch.facts is not None:
            return self._deck("workers")
        from tui.ui.screens.welcome import WelcomeScreen

        return WelcomeScreen(str(self._launch.config_path), self._launch.config_note)

    def on_mount(self) -> None:
        """Show the first frame; everything else comes after it."""
        self.call_after_refresh(garbage.resume)
        self._write_title(TITLE_KEPT)
        self.set_interval(60.0, self.count_all)
        if self._launch.facts is not None:
            self._show_title()
            make_core = self._launch.make_core or self._launch.demo_core
            self.call_after_refresh(self._start, make_core)
        self.is_up = True

    @work(group="connect")
    async def _start(self, make_core: Callable[[], "Core"]) -> None:
        try:
            await self.connect(self.desk, make_core)
        except ConfigError as error:
            self.trouble = str(error)
            self.exit(return_code=2)

    async def connect(self, desk: Desk, make_core: Callable[[], "Core"]) -> None:
        """Build a desk's core; one that is no longer in front gets none.

        Raises:
            ConfigError: the config is not valid.
        """
        core = await asyncio.to_thread(make_core)
        if desk is not self.desk:
            await core.aclose()
            return
        desk.attach(core)
        core.store.subscribe(self._publish)
        core.poller.start()
        self._show_topics()
        if self.deck is not None:
            # It may have been chosen a moment ago, and not be laid out yet.
            self.deck.call_later(self.deck.connected, "\n".join(core.warnings))

    def _publish(self, topic: Topic) -> None:
        self.post_message(SnapshotChanged(topic))

    def action_start_demo(self) -> None:
        """From the welcome screen: the embedded simulator."""
        self.desk = self.new_desk(DEMO)
        self._show_environment()
        self.switch_screen(self._deck("workers"))
        self._start(self._launch.demo_core)

    # Profiles.

    def hand_over(self, desk: Desk, tab: str = "") -> tuple[DeckScreen, ...]:
        """Put another desk in front, by default on the same tab; the old screens, which nothing leads
        to any more."""
        tab = tab or (self.deck.TAB.lower() if self.deck is not None else "workers")
        left, self.decks, self.desk = tuple(self.decks.values()), {}, desk
        self._show_environment()
        self.switch_screen(self._deck(tab))
        for deck in left:
            self.uninstall_screen(deck)
        return left

    async def rebuild(self) -> None:
        """Fresh screens in the place of those that may be broken; the first one in front."""
        while not isinstance(self.screen, DeckScreen):
            self.pop_screen()
        for deck in self.hand_over(self.desk, "workers"):
            if deck.is_attached:
                await deck.remove()

    def _show_environment(self) -> None:
        """The frame of everything and the terminal's title tell what is at stake."""
        environment = self.desk.facts.environment
        for known in Environment:
            self.set_class(known is environment, f"-{known.value}")
        self._show_title()

    def show_attention(self) -> None:
        """In the window's title as well, where it says something else than before."""
        super().show_attention()
        self._show_title()

    def _show_title(self) -> None:
        title = title_of(self.desk.facts, self.desk.attention.total)
        if title != self._title:
            self._title = title
            self._write_title(title)

    def _write_title(self, sequence: str) -> None:
        if self._driver is not None and not is_poor(os.environ):
            self._driver.write(in_ascii(sequence, cell_len) if self.in_ascii else sequence)

    def action_repaint(self) -> None:
        """Send the whole screen again: something else may have drawn on the terminal."""
        repaint = getattr(self._driver, "repaint", None)
        if repaint is not None:
            repaint()
        else:
            self.refresh(layout=True)

    # Screens.

    def _deck(self, name: str) -> DeckScreen:
        if name not in self.decks:
            self.decks[name] = DECKS[name]()(self.desk)
            self.install_screen(self.decks[name], f"{name} {next(self._numbers)}")
        return self.decks[name]

    def show_deck(self, name: str) -> None:
        """Go to a full screen."""
        deck = self._deck(name)
        if self.screen is not deck:
            self.switch_screen(deck)
            self._show_topics(deck)

    def _show_topics(self, deck: DeckScreen | None = None) -> None:
        """Hidden topics slow down; the header needs the engine everywhere."""
        shown = deck or next((s for s in reversed(self.screen_stack) if isinstance(s, DeckScreen)), None)
        if self.desk.core is not None and shown is not None:
            self.desk.core.poller.show(frozenset({*shown.TOPICS, Topic.ENGINE}))

    def open_help(self, deck: DeckScreen) -> None:
        """Help for a screen."""
        from tui.ui.modals.help import HelpDialog

        offered = deck.handlers()
        operations = [operation for operation in OPERATIONS.values() if operation.id in offered]
        lines = [(operation, self.desk.refusal(operation)) for operation in operations]
        self.push_screen(HelpDialog(deck.TAB, lines))

    def open_undo(self) -> None:
        """What this session changed."""
        from tui.ui.modals.undo import UndoDialog

        self.push_screen(UndoDialog(self.desk))

    def copy_text(self, text: str, what: str, then: str = "") -> None:
        """Copy by OSC 52 and to a private file; say exactly that, and what is to be done `then`."""
        copy(self, text, what, then)

    def copy_to_clipboard(self, text: str) -> None:
        """Send `text` to the terminal's clipboard by our own sequence; inputs cut by this as well."""
        self._clipboard = text
        if self._driver is not None and fits(text):
            self._driver.write(sequence(text, way(os.environ)))

    # The next start.

    def snapshot_shown(self) -> None:
        """Keep the first state that was seen; a console that is killed leaves it for the next."""
        if self._kept is not self.desk and self._keep_last_state():
            self._kept = self.desk

    def _keep_last_state(self) -> bool:
        """Keep what the first screen shows for the next start; whether it was kept."""
        from tui.ui.last_seen import state_of

        name, kept = self.desk.facts.name, self._launch.last_states
        facts = next((facts for facts in self._launch.profiles if facts.name == name), None)
        state = state_of(self.decks.get("workers"), facts) if facts is not None else None
        if kept is None or state is None:
            return False
        try:
            kept.write(name, state)
        except OSError:
            # A cache that cannot be written is no reason to say anything.
            return False
        return True

    # Leaving.

    def action_leave(self) -> None:
        """Leave, once with a question if something would be lost; nothing in flight is waited for."""
        dialogs = [screen for screen in self.screen_stack if isinstance(screen, Dialog)]
        lost = next(filter(None, (dialog.unsent() for dialog in reversed(dialogs))), "")
        sending = any(desk.is_sending for desk in (self.desk, *self.profiles.retired))
        lost = lost or ("a request is on its way" if sending else "")
        if not lost or self._asked_to_leave:
            self.leave(0)
            return
        self._asked_to_leave = True
        self.set_timer(_QUESTION_STANDS, self._forget_question)
        self.tell(f"{lost}. The same key again ends the console", "warning")

    def _forget_question(self) -> None:
        self._asked_to_leave = False

    def leave(self, code: int) -> None:
        """End the console with an exit code; nothing is waited for."""
        self.has_left = True
        self.is_up = False
        self.last_resort(code)
        self.exit(return_code=code)
        if self.desk.core is not None:
            self.desk.core.poller.pause(True)
        self._keep_last_state()

    async def on_unmount(self) -> None:
        """Let go of the core; what must be flushed is."""
        await asyncio.gather(*(desk.aclose() for desk in (self.desk, *self.profiles.retired)))
        self._write_title(TITLE_BACK)
