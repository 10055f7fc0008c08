"""What all full screens share: header, trouble line, notice, status line, keys, freshness.

A failing poll changes the chip and the trouble line and dims the data; it never opens anything.
"""

import asyncio
from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.events import ScreenResume

from tui.ops.operations.registry import OPERATIONS, Operation
from tui.store.freshness import Freshness, worst
from tui.store.snapshot import Snapshot, Topic
from tui.ui.bindings import NEEDS_CORE, operation_of
from tui.ui.host import Handler, app_of
from tui.ui.maintenance_words import banner_of
from tui.ui.screens.engine.header import engine_header
from tui.ui.screens.history_keys import HistoryScreen
from tui.ui.screens.hooks import refuse_overrides
from tui.ui.screens.trouble import clock_note, trouble_of
from tui.ui.terminal.compositor import WatchfulCompositor
from tui.ui.widgets.command_line import CommandLine
from tui.ui.widgets.key_bar import KeyBar
from tui.ui.widgets.row_list import RowList
from tui.ui.widgets.screen_header import ScreenHeader
from tui.ui.widgets.size_guard import cover
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.core import Core
    from tui.domain.profile import ProfileFacts
    from tui.ops.proposals.proposal import Proposal
    from tui.ops.text_commands.setting import Given
    from tui.session.selection import Selection
    from tui.session.session import Session
    from tui.startup.last_screen import LastState
    from tui.ui.host import AppHost
    from tui.ui.screens.command_line import CommandRunner

TABS = (
    ("1", "Workers"),
    ("2", "Extensions"),
    ("3", "Engine"),
    ("4", "Connections"),
    ("5", "Activity"),
    ("6", "Log"),
)


class TabScreen(HistoryScreen):
    """A full screen on some topics of the store."""

    TAB: ClassVar[str] = ""
    TOPICS: ClassVar[tuple[Topic, ...]] = ()
    HAS_TARGETS: ClassVar[bool] = False
    """Whether the row under the cursor can be acted upon."""
    HOOKS: ClassVar[frozenset[str]] = frozenset(
        {
            *("compose_body", "handlers", "selection", "marks", "missing", "refusal", "reviewed"),
            *("follow", "follow_all", "snapshot_changed", "trail_read", "look_at_clock", "ask_again"),
            *("chips", "trouble", "clock_note", "seen", "show_target", "show_filter", "action_clear"),
            *("review_with_args", "state_to_keep", "mount_hidden"),
            *("subject", "named_target", "time_changed", "aside_changed", "aside_read", "clear_marks"),
        }
    )
    """What a screen may replace; another name of its bases, Textual's included, is a mistake."""

    def __init_subclass__(cls, **options: Any) -> None:
        [base] = (base for base in cls.__bases__ if issubclass(base, TabScreen))
        refuse_overrides(cls, base, base.HOOKS)
        super().__init_subclass__(**options)

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._compositor = WatchfulCompositor()
        self.session = session
        self._bound: Selection | None = None
        self._tells_sending = False
        """Whether the notice shows what is being sent, for lack of another message."""
        self._was_in_front = False
        self._completing = asyncio.Lock()
        self._is_complete = False
        # Before there are widgets whose styles depend on it.
        self._show_trust()

    def compose(self) -> ComposeResult:
        """Header, body, trouble line, notice, status line, keys; what is hidden follows them."""
        yield ScreenHeader((key, title, title == self.TAB) for key, title in TABS)
        yield from self.compose_body()
        yield TextLine(id="trouble", classes="-empty")
        yield TextLine(id="notice", classes="-empty")
        yield TextLine(id="status")
        yield KeyBar(self.is_refused, self.bar_rank)

    def compose_body(self) -> ComposeResult:
        yield from ()

    def on_mount(self) -> None:
        """Check the clock once a second: only what changed repaints."""
        self.call_after_refresh(self.complete)
        self.show_profile()
        self.set_interval(1.0, self.look_at_clock)
        self.look_at_clock()

    async def complete(self) -> None:
        """Mount what is hidden until a key shows it: the first frame does not wait for it."""
        async with self._completing:
            if not self._is_complete and self.is_attached:
                await self.mount_hidden()
                self._is_complete = True

    async def mount_hidden(self) -> None:
        """Mount the command line."""
        await self.mount(self._command_line(), before="#trouble")

    def on_screen_suspend(self) -> None:
        """Below a dialog, no keys are shown."""
        self.query_one(KeyBar).refresh()

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Catch up with what was published while another screen was in front."""
        # Textual styles everything when it is mounted, and a new screen a second time here.
        event.refresh_styles &= self._was_in_front
        self._was_in_front = True
        self.query_one(KeyBar).refresh()
        cover(self, self.app.size)
        self.show_profile()
        self.look_at_clock()
        self.history_changed()
        self.follow_all()
        if self._tells_sending or not self.query_one("#notice", TextLine).shown:
            self.notice("")

    def show_profile(self) -> None:
        """Show the profile in the header, and the operations it allows."""
        self.show_past()
        self.refresh_bindings()

    def connected(self, warnings: str) -> None:
        """The core exists now; `warnings` are of its making."""
        self.show_profile()
        self.look_at_clock()
        self.add_notice(warnings)

    @property
    def core(self) -> "Core":
        """For operations, which `do` refuses until the profile is connected."""
        assert self.session.core is not None  # noqa: S101 - `do` checked it
        return self.session.core

    @property
    def host(self) -> "AppHost":
        """The app, typed."""
        return app_of(self)

    def snapshot_changed(self, topic: Topic) -> None:
        """Follow what the store published."""
        self.look_at_clock()
        if topic in self.TOPICS:
            self.follow(topic)

    def follow(self, topic: Topic) -> None:
        """Show the newest of one topic."""

    def follow_all(self) -> None:
        for topic in self.TOPICS:
            self.follow(topic)

    def time_changed(self) -> None:
        self.show_profile()
        self.follow_all()
        self.look_at_clock()

    def state_to_keep(self, facts: "ProfileFacts") -> "LastState | None":
        """What the next start shows first; None: nothing of this screen."""
        return None

    def trail_read(self) -> None:
        """Follow the audit trail; most screens show nothing of it."""

    def chips(self) -> Sequence[Freshness]:
        """How fresh each source of this screen is."""
        return [self.session.freshness(topic) for topic in self.TOPICS]

    def look_at_clock(self) -> None:
        """Update freshness, engine and trouble line."""
        header, chips = self.query_one(ScreenHeader), self.chips()
        header.show_freshness(worst(chips))
        self.show_attention()
        engine, chip = self.session.snapshot(Topic.ENGINE).data, self.session.freshness(Topic.ENGINE)
        awaited, excused = self.session.requests.awaited, self.session.excused
        header.show_engine(*engine_header(engine, chip, awaited, excused))
        header.show_maintenance(*banner_of(self.session))
        self._show_trust()
        self.show_past()
        text, tone = self.past_trouble(chips) or self.trouble()
        self.query_one("#trouble", TextLine).show(text, tone)

    def show_attention(self) -> None:
        """Show in the tab line what needs attention; the operator has seen the current tab."""
        if self.host.tab_screen is self:
            self.session.attention.mark_seen(self.TAB)
        self.query_one(ScreenHeader).show_attention(self.session.attention.counts())

    def _show_trust(self) -> None:
        stale = not all(chip.trusted for chip in self.chips())
        if stale is not self.has_class("-stale"):
            # Only these look other then: to style the whole screen again takes ten times as long.
            self.set_class(stale, "-stale", update=False)
            for widget in self.query("RowList, Facts"):
                widget.update_node_styles()

    def trouble(self) -> tuple[str, str]:
        """What is wrong with this screen's topics, cause and next step; and its tone."""
        return trouble_of(self.session, self.TOPICS)

    def clock_note(self) -> str:
        """A note on the server's clock where it differs from ours."""
        return clock_note(self.session, self.TOPICS[0].system)

    def notice(self, text: str, tone: str = "warning") -> None:
        """Show a message until the next one or until esc is pressed; else what is being sent."""
        sending = "" if text else self.session.under_way
        self._tells_sending = bool(sending)
        self.query_one("#notice", TextLine).show(text or sending, "busy" if sending else tone)

    def unnotice(self, text: str) -> None:
        if self.query_one("#notice", TextLine).shown == text:
            self.notice("")

    def add_notice(self, text: str) -> None:
        """Show a message below the current one."""
        shown = "" if self._tells_sending else self.query_one("#notice", TextLine).shown
        if text:
            self.notice("\n".join(filter(None, (shown, text))))

    # Operations: every key of the registry arrives here.

    async def action_operation(self, operation_id: str) -> None:
        """Run the operation of a key."""
        await self.complete()
        self.operate(operation_id)

    def operate(self, operation_id: str, bound: "Selection | None" = None) -> None:
        """Run a registered operation, or show why not; on what was `bound` earlier, if it was."""
        if refusal := self.do(operation_id, bound):
            self.notice(refusal)

    def do(self, operation_id: str, bound: "Selection | None") -> str:
        """Run a registered operation; why it was refused, or empty."""
        operation = OPERATIONS[operation_id]
        refusal = self.refusal(operation, self.marks if bound is None else bound.marks)
        if refusal is None and operation_id in NEEDS_CORE and self.session.core is None:
            refusal = self.session.failure or "not connected yet"
        if refusal is not None:
            return f"{operation.title}: {refusal}"
        self.notice("")
        self._bound = bound
        try:
            return self.handlers()[operation_id]() or ""
        finally:
            self._bound = None

    @property
    def marks(self) -> frozenset[str]:
        return frozenset()

    def clear_marks(self) -> None: ...

    def refusal(self, operation: Operation, marks: frozenset[str]) -> str | None:
        """Why an operation is not allowed now while these are marked, or None."""
        return self.session.refusal(operation)

    def show_target(self) -> None:
        """Scroll to what an operation would act on."""

    def selection(self) -> "Selection":
        """What an operation that starts now acts on."""
        from tui.session.selection import Selection

        return self._bound or Selection()

    def missing(self, selection: "Selection") -> str:
        """Why the selection can no longer be acted upon, or empty."""
        return ""

    def seen(self, topic: Topic) -> Snapshot[object]:
        """What was known when the operation was started."""
        return (self._bound.seen if self._bound else {}).get(topic) or self.session.snapshot(topic)

    def offered(self) -> tuple[Operation, ...]:
        handlers = self.handlers()
        return tuple(o for o in OPERATIONS.values() if o.id in handlers and self.is_offered(o))

    def review(self, proposal: "Proposal") -> None:
        """Show the proposal; its confirmation sends it."""
        from tui.ui.modals.review.review import ReviewDialog

        show_answer = partial(self._tell_answer, proposal.operation.title)
        self.app.push_screen(ReviewDialog(self.session, proposal), show_answer)

    def review_in_turn(self, calls: "tuple[Proposal, ...]") -> str:
        """The review of calls that follow one another; or why there is none."""
        from tui.ui.modals.review.resync_flow import review_in_turn

        if self.session.resync is not None:
            return "the result of the previous forced resync has not been viewed yet: f shows it"
        review_in_turn(self.host, self.session, calls)
        return ""

    def review_with_args(self, operation: Operation, args: "Given", selection: "Selection") -> str:
        """The review of an operation with settings on all marked targets; or why there is none."""
        return f"{operation.title}: rows cannot be marked here"

    def _tell_answer(self, title: str, outcome: object) -> None:
        from tui.domain.superoffice.plugin_response import PluginAnswer
        from tui.ops.execution.outcome import Outcome

        if isinstance(outcome, Outcome) and isinstance(outcome.result, PluginAnswer):
            from tui.ui.modals.details.plugin_response import AnswerDialog

            self.app.push_screen(AnswerDialog(outcome.result, title))
        self.reviewed(outcome)

    def reviewed(self, outcome: object) -> None:
        """Called with the outcome after a review."""

    def show_filter(self, text: str) -> None: ...

    def _command_line(self) -> CommandLine:
        history = self.host.commands
        return CommandLine(
            lambda text: self._commands.act(text),
            lambda text: self._commands.completed(text),
            self.focus_body,
            history,
        )

    @cached_property
    def _commands(self) -> "CommandRunner":
        from tui.ui.screens.command_line import CommandRunner

        return CommandRunner(self)

    def _open_command(self) -> None:
        self.show_target()
        self._commands.selection = self.selection()
        self.query_one(CommandLine).open()

    def focus_body(self) -> None:
        self.set_focus(self.query_one(RowList))

    def _open_palette(self) -> None:
        from tui.ui.modals.palette import open_palette

        self.show_target()
        open_palette(self.host, self, self.selection())

    def _turn_lock(self) -> str:
        from tui.ui.modals.unlock import turn_lock

        return turn_lock(self.host, self)

    def _open_credentials(self) -> None:
        from tui.ui.modals.credentials import open_credentials

        open_credentials(self.host, self)

    def _open_maintenance(self) -> str:
        from tui.ui.modals.maintenance.opening import open_maintenance

        return open_maintenance(self.host, self)

    def handlers(self) -> dict[str, Handler]:
        names = [title.lower() for _, title in TABS]
        return {
            **{f"screen.{name}": partial(self.host.show_tab, name) for name in names},
            "profile": self.host.profiles.open,
            "unlock": self._turn_lock,
            "authorise": self._open_credentials,
            "maintenance": self._open_maintenance,
            "undo": self.host.open_undo,
            "command": self._open_command,
            "palette": self._open_palette,
            "refresh": partial(self.of_server, self.ask_again),
            "pause": partial(self.of_server, self._pause),
            "help": partial(self.host.open_help, self),
            "quit": self.host.leave_or_ask,
            **self.history_handlers(),
        }

    async def action_clear(self) -> None:
        """Esc clears the message; while looking back, it returns to now."""
        if not self.return_to_now():
            self.notice("")

    def is_refused(self, action: str) -> bool:
        operation = operation_of(action)
        return operation is not None and self.refusal(operation, self.marks) is not None

    def ask_again(self) -> None:
        """Read everything again now."""
        self.core.poller.ask_again()

    def _pause(self) -> None:
        self.core.poller.pause(not self.core.poller.paused)
        self.look_at_clock()
