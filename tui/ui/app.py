"""The application: first a frame, then the core; screens on demand; one way out.

Invariants: nothing remote is asked before the first frame; leaving never waits for a connection.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.theme import Theme
from textual.worker import WorkerFailed

from tui.config.file import ConfigError
from tui.domain.systems import Environment, ProfileFacts, System
from tui.launch import Launch
from tui.ops.guard import OutcomeKind
from tui.ops.registry import OPERATIONS
from tui.paths import state_dir, styles_dir
from tui.store.snapshot import Topic
from tui.ui.clipboard import write_copy
from tui.ui.desk import Desk
from tui.ui.messages import ControlWatched, OperationFinished, SnapshotChanged
from tui.ui.modals.dialog import Dialog
from tui.ui.modals.help import HelpDialog
from tui.ui.screens.deck import DeckScreen
from tui.ui.screens.workers import WorkersScreen
from tui.ui.themes import THEMES
from tui.ui.typed_keys import KeyDone, TypedKeys

if TYPE_CHECKING:
    from tui.wiring import Core

DEMO = ProfileFacts("demo", Environment.DEVELOPMENT, read_only=False, systems=frozenset(System))

_TONES = {
    OutcomeKind.APPLIED: "ok",
    OutcomeKind.UNKNOWN: "warning",
    OutcomeKind.CONFLICT: "warning",
}
"""Of what is said of a write; anything else is an error."""

_QUESTION_STANDS = 5.0
"""Seconds for which a second press means yes."""


def utc_now() -> datetime:
    """The clock of the console."""
    return datetime.now(UTC)


class SyncdeckApp(App[int]):
    """The console on one profile."""

    TITLE = "syncdeck"
    CSS_PATH = sorted(styles_dir().glob("*.tcss"))
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+c", "leave", "Quit", show=False, priority=True),
    ]

    def __init__(self, launch: Launch, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__()
        self._launch = launch
        self.desk = Desk(launch.facts or DEMO, clock, self.post_message, self._report)
        self._is_demo = launch.make_core in (None, launch.demo_core)
        self._decks: dict[str, DeckScreen] = {}
        self.typed = TypedKeys(self, super().on_event)
        self._warned: set[str] = set()
        self._has_left = False
        self._asked_to_leave = False
        self.trouble: str | None = None
        """The sentence for stderr, where the console could not start."""
        self.last_resort: Callable[[int], None] = lambda _code: None
        """Called when the console is left: ends the process if a clean end takes too long."""

    @property
    def fault(self) -> Exception | None:
        """The bug that ended the console, if one did; of a failed worker the failure itself."""
        known = self._exception
        return known.error if isinstance(known, WorkerFailed) and known.error else known  # type: ignore[return-value]  # workers fail by exceptions

    def _report(self, fault: Exception) -> str:
        """Keep a redacted report of a fault that did not end the console; say where."""
        from tui import bugreport

        try:
            folder = Path(mkdtemp(prefix="syncdeck-")) if self._is_demo else state_dir() / "reports"
            return f"the report is {bugreport.write(fault, folder)}"
        except OSError:
            return "no report could be written"

    def _fatal_error(self) -> None:
        """Close without Textual's own traceback: it prints locals, which may hold a secret."""
        self._close_messages_no_wait()

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes and ours; Textual chooses its default before one can be registered."""
        return {**super().available_themes, **THEMES}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our stylesheets use beyond Textual's own variables."""
        return {"dim": "ansi_bright_black"}

    async def on_event(self, event: events.Event) -> None:
        """What is typed keeps its order."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.typed.take(event)
        else:
            await super().on_event(event)

    async def on_key_done(self, message: KeyDone) -> None:
        """The next key's turn."""
        await self.typed.followed(message)

    # Starting.

    def on_mount(self) -> None:
        """Show the first frame; everything else comes after it."""
        if self._launch.facts is None:
            from tui.ui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(str(self._launch.config_path), self._launch.config_note))
        else:
            self.push_screen(self._deck("workers"))
            make_core = self._launch.make_core or self._launch.demo_core
            self.call_after_refresh(self._connect, make_core)

    @work(group="connect")
    async def _connect(self, make_core: Callable[[], "Core"]) -> None:
        try:
            core = await asyncio.to_thread(make_core)
        except ConfigError as error:
            self.trouble = str(error)
            self.exit(return_code=2)
            return
        self.desk.attach(core)
        core.store.subscribe(self._publish)
        core.poller.start()
        self._show_topics()
        if isinstance(self.screen, DeckScreen):
            self.screen.show_profile()
            self.screen.look_at_clock()
        if core.warnings and self.deck is not None:
            self.deck.notice("\n".join(core.warnings))

    def _publish(self, topic: Topic) -> None:
        self.post_message(SnapshotChanged(topic))

    def action_start_demo(self) -> None:
        """From the welcome screen: the embedded simulator."""
        self.desk.facts = DEMO
        self.switch_screen(self._deck("workers"))
        self._connect(self._launch.demo_core)

    # Screens.

    def _deck(self, name: str) -> DeckScreen:
        if name not in self._decks:
            self._decks[name] = _DECKS[name]()(self.desk)
            self.install_screen(self._decks[name], name)
        return self._decks[name]

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

    @property
    def deck(self) -> DeckScreen | None:
        """The full screen in front, below any dialog."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, DeckScreen)), None)

    def open_help(self, deck: DeckScreen) -> None:
        """Help for a screen."""
        offered = deck.handlers()
        operations = [operation for operation in OPERATIONS.values() if operation.id in offered]
        lines = [(operation, self.desk.refusal(operation)) for operation in operations]
        self.push_screen(HelpDialog(deck.TAB, lines))

    # What happened.

    def on_snapshot_changed(self, message: SnapshotChanged) -> None:
        """Tell the screen in front, and the dialog that lies above it."""
        deck = None if self._has_left else self.deck
        if deck is not None and deck.is_mounted:
            deck.snapshot_changed(message.topic)
            self._warn(deck)
            if isinstance(self.screen, Dialog) and self.screen.is_mounted:
                self.screen.follow()

    def _warn(self, deck: DeckScreen) -> None:
        """Say what the service found odd about the profile's secrets, each once."""
        core = self.desk.core
        fresh = [text for text in core.service.warnings if text not in self._warned] if core else []
        if fresh:
            self._warned.update(fresh)
            deck.notice("\n".join(fresh))

    def on_operation_finished(self, message: OperationFinished) -> None:
        """Say on the screen in front how a write ended."""
        if self.deck is not None:
            outcome, what = message.outcome, message.proposal
            failed = "failed: " if outcome.kind is OutcomeKind.FAILED else ""
            said = f"{what.operation.title} · {what.target}: {failed}{outcome.sentence}"
            tone = _TONES.get(outcome.kind, "error")
            tone = "warning" if outcome.differences else tone
            self.deck.notice(" · ".join(filter(None, (said, outcome.next_step))), tone)

    def on_control_watched(self, message: ControlWatched) -> None:
        """Say on the screen in front what a control action led to."""
        if self.deck is not None:
            self.deck.notice(message.sentence, "ok" if message.changed else "warning")

    def copy_text(self, text: str, what: str) -> None:
        """Copy by OSC 52 and to a private file; say exactly that."""
        self.copy_to_clipboard(text)
        said = f"{what} sent to the terminal's clipboard (OSC 52)"
        if self._is_demo:
            said += "; the demo writes no file"
        else:
            try:
                said += f" and written to {write_copy(state_dir(), text)}"
            except OSError as failure:
                said += f"; no file could be written: {failure.strerror}"
        self._tell(said, "ok")

    # Leaving.

    def action_leave(self) -> None:
        """Leave, once with a question if something would be lost; nothing in flight is waited for."""
        dialogs = [screen for screen in self.screen_stack if isinstance(screen, Dialog)]
        lost = next(filter(None, (dialog.unsent() for dialog in reversed(dialogs))), "")
        lost = lost or ("a request is on its way" if self.desk.is_sending else "")
        if not lost or self._asked_to_leave:
            self.leave(0)
            return
        self._asked_to_leave = True
        self.set_timer(_QUESTION_STANDS, self._forget_question)
        self._tell(f"{lost}. The same key again ends the console", "warning")

    def _forget_question(self) -> None:
        self._asked_to_leave = False

    def _tell(self, text: str, tone: str) -> None:
        """Say something where it is in sight."""
        if isinstance(self.screen, Dialog):
            self.screen.trouble(text, tone)
        elif self.deck is not None:
            self.deck.notice(text, tone)

    def leave(self, code: int) -> None:
        """End the console with an exit code; nothing is waited for."""
        self._has_left = True
        self.last_resort(code)
        if self.desk.core is not None:
            self.desk.core.poller.pause(True)
        self.exit(return_code=code)

    async def on_unmount(self) -> None:
        """Let go of the core; what must be flushed is."""
        await self.desk.aclose()


def _workers() -> type[DeckScreen]:
    return WorkersScreen


def _extensions() -> type[DeckScreen]:
    from tui.ui.screens.extensions import ExtensionsScreen

    return ExtensionsScreen


def _engine() -> type[DeckScreen]:
    from tui.ui.screens.engine import EngineScreen

    return EngineScreen


def _connections() -> type[DeckScreen]:
    from tui.ui.screens.connections import ConnectionsScreen

    return ConnectionsScreen


_DECKS: dict[str, Callable[[], type[DeckScreen]]] = {
    "workers": _workers,
    "extensions": _extensions,
    "engine": _engine,
    "connections": _connections,
}
"""Screens are imported when they are first shown."""
