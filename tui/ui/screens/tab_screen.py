"""What all full screens do: every key of the registry arrives here, and becomes an operation."""

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from tui.ops.operations.registry import OPERATIONS, Operation
from tui.session.session_view import NOT_CONNECTED
from tui.store.snapshot import Snapshot, Topic
from tui.ui.bindings import NEEDS_CORE, operation_of
from tui.ui.host import Handler
from tui.ui.screens.screen_frame import TABS, ScreenFrame
from tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from tui.core import Core
    from tui.ops.proposals.proposal import Proposal
    from tui.ops.text_commands.setting import Given
    from tui.session.selection import Selection
    from tui.ui.screens.command_line import CommandRunner
    from tui.ui.widgets.command_line import CommandLine


class TabScreen(ScreenFrame):
    """A full screen on some topics of the store."""

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
    _command_line: "CommandLine"
    """Once it is complete."""
    _bound: "Selection | None" = None
    """What was selected before, while an operation runs on that."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Raises TypeError: a method has the name of one of the base that is not a hook, and would
        replace it, as a handler called `pause` replaces Textual's."""
        [base] = (base for base in cls.__bases__ if issubclass(base, TabScreen))
        for name, member in vars(cls).items():
            is_method = callable(member) or isinstance(member, property)
            is_free = name.startswith(("__", "on_")) or name in base.HOOKS or not hasattr(base, name)
            if is_method and not is_free:
                raise TypeError(f"{cls.__name__}.{name} would replace {base.__name__}.{name}")
        super().__init_subclass__(**options)

    @property
    def core(self) -> "Core":
        """For operations, which `do` refuses until the profile is connected."""
        assert self.session.core is not None  # noqa: S101 - `do` checked it
        return self.session.core

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
            refusal = self.session.failure or NOT_CONNECTED
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

    async def mount_hidden(self) -> None:
        from tui.ui.widgets.command_line import CommandLine

        self._command_line = CommandLine(
            lambda text: self._commands.act(text),
            lambda text: self._commands.completed(text),
            self.focus_body,
            self.host.commands,
        )
        await self.mount(self._command_line, before="#trouble")

    @cached_property
    def _commands(self) -> "CommandRunner":
        from tui.ui.screens.command_line import CommandRunner

        return CommandRunner(self)

    def _open_command(self) -> None:
        self.show_target()
        self._commands.selection = self.selection()
        self._command_line.open()

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
            "profile": self.host.open_profiles,
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
