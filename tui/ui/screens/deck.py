"""What all full screens share: header, trouble line, notice, status line, keys, freshness.

A failing poll changes the chip and the trouble line and dims the data; it never opens anything.
"""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.screen import Screen

from tui.api.errors import is_about_credentials
from tui.domain.moments import age_text
from tui.domain.systems import System
from tui.ops.registry import OPERATIONS, Operation
from tui.store.freshness import Freshness, FreshnessKind, worst
from tui.store.snapshot import Snapshot, Topic
from tui.ui.compositor import WatchfulCompositor
from tui.ui.screens.engine_header import engine_header
from tui.ui.selection import Selection
from tui.ui.widgets.command_line import CommandLine
from tui.ui.widgets.deck_header import DeckHeader
from tui.ui.widgets.key_bar import KeyBar
from tui.ui.widgets.row_list import RowList
from tui.ui.widgets.text_line import TextLine
from tui.ui.widgets.too_small import cover

if TYPE_CHECKING:
    from tui.ops.proposal import Proposal
    from tui.ops.settings import Given
    from tui.ui.app import SyncdeckApp
    from tui.ui.desk import Desk
    from tui.ui.screens.commanding import Commanding

TABS = (
    ("1", "Workers"),
    ("2", "Extensions"),
    ("3", "Engine"),
    ("4", "Connections"),
    ("5", "Activity"),
    ("6", "Log"),
)


class DeckScreen(Screen[None]):
    """A full screen on some topics of the store."""

    TAB: ClassVar[str] = ""
    TOPICS: ClassVar[tuple[Topic, ...]] = ()
    HAS_TARGETS: ClassVar[bool] = False
    """Whether what is under the cursor can be acted upon."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._compositor = WatchfulCompositor()
        self.desk = desk
        self._bound: Selection | None = None
        self._tells_sending = False
        """Whether the notice says what is being sent, for want of anything else."""
        # Before there are widgets whose styles depend on it.
        self._show_trust()

    def compose(self) -> ComposeResult:
        """Header, body, what is wrong, what happened, the status line, the keys."""
        yield DeckHeader((key, title, title == self.TAB) for key, title in TABS)
        yield from self.compose_body()
        yield self._command_line()
        yield TextLine(id="trouble", classes="-empty")
        yield TextLine(id="notice", classes="-empty")
        yield TextLine(id="status")
        yield KeyBar(self.is_refused)

    def compose_body(self) -> ComposeResult:
        """The screen's own widgets."""
        yield from ()

    def on_mount(self) -> None:
        """Show the profile, and look at the clock once a second: only what changed repaints."""
        self.show_profile()
        self.set_interval(1.0, self.look_at_clock)
        self.look_at_clock()

    def on_screen_suspend(self) -> None:
        """The keys below a dialog are not offered."""
        self.query_one(KeyBar).refresh()

    def on_screen_resume(self) -> None:
        """Catch up with what was published while another screen was in front."""
        self.query_one(KeyBar).refresh()
        cover(self, self.app.size)
        self.show_profile()
        self.look_at_clock()
        self.follow_all()
        if self._tells_sending or not self.query_one("#notice", TextLine).shown:
            self.notice("")

    def show_profile(self) -> None:
        """Name the profile in the header, and offer what it allows."""
        self.query_one(DeckHeader).show_profile(self.desk.facts)
        self.refresh_bindings()

    def connected(self, warnings: str) -> None:
        """There is a core now: data and operations; `warnings` are of its making."""
        self.show_profile()
        self.look_at_clock()
        self.add_notice(warnings)

    @property
    def deck_app(self) -> "SyncdeckApp":
        """The app, typed."""
        return cast("SyncdeckApp", self.app)

    # Following the data.

    def snapshot_changed(self, topic: Topic) -> None:
        """Follow what the store published."""
        self.look_at_clock()
        if topic in self.TOPICS:
            self.follow(topic)

    def follow(self, topic: Topic) -> None:
        """Show the newest of one topic."""

    def follow_all(self) -> None:
        """Show the newest of everything on this screen."""
        for topic in self.TOPICS:
            self.follow(topic)

    def trail_read(self) -> None:
        """Follow the audit trail; most screens show nothing of it."""

    def chips(self) -> Sequence[Freshness]:
        """How fresh each source of this screen is."""
        return [self.desk.freshness(topic) for topic in self.TOPICS]

    def look_at_clock(self) -> None:
        """Bring freshness, engine and trouble line up to date."""
        header, chips = self.query_one(DeckHeader), self.chips()
        header.show_freshness(worst(chips))
        self.show_attention()
        engine, chip = self.desk.snapshot(Topic.ENGINE).data, self.desk.freshness(Topic.ENGINE)
        header.show_engine(*engine_header(engine, chip, self.desk.requests.awaited))
        self._show_trust()
        text, tone = self.trouble()
        self.query_one("#trouble", TextLine).show(text, tone)

    def show_attention(self) -> None:
        """Show in the line of tabs what needs attention; what is on this one is seen with it."""
        if self.deck_app.deck is self:
            self.desk.attention.look(self.TAB)
        self.query_one(DeckHeader).show_attention(self.desk.attention.counts())

    def _show_trust(self) -> None:
        self.set_class(not all(chip.trusted for chip in self.chips()), "-stale")

    def trouble(self) -> tuple[str, str]:
        """What is wrong with this screen's topics, cause and next step; and its tone."""
        if self.desk.freshness(self.TOPICS[0]).kind is FreshnessKind.ABSENT:
            system = self.TOPICS[0].system
            return (
                f"{system.product} is not configured: add [profiles.{self.desk.facts.name}.{system}]"
                " to the config file (syncdeck config path)"
            ), "off"
        for topic in self.TOPICS:
            error = self.desk.snapshot(topic).error
            if error is not None:
                last = self.desk.snapshot(topic).fetched_at
                seen = f"last answer {last:%H:%M:%S} UTC" if last else "no answer yet"
                key = "not authorised, A gives it anew" if is_about_credentials(error) else ""
                parts = (key, error.sentence, error.next_step, seen)
                return f"{topic}: " + " · ".join(part for part in parts if part), "error"
            if self.desk.freshness(topic).kind is FreshnessKind.STALE:
                last = self.desk.snapshot(topic).fetched_at
                since = f" since {last:%H:%M:%S} UTC" if last else ""
                return f"{topic}: no answer{since} · the server may hang; r asks again at once", "error"
        return self._tenant_note()

    def _tenant_note(self) -> tuple[str, str]:
        """A word on an Online tenant that serves, but not as ever."""
        core = self.desk.core
        if core is None or self.TOPICS[0].system is not System.SUPEROFFICE:
            return "", ""
        from tui.ui.screens import tenant_facts

        return tenant_facts.note(core.service.tenant())

    def clock_note(self) -> str:
        """A word on the server's clock where it is more than 30 s off ours."""
        core = self.desk.core
        offset = core.service.clock_offset(self.TOPICS[0].system) if core else None
        if offset is None or abs(offset) <= 30:
            return ""
        apart = f"{abs(offset):.0f}s" if abs(offset) < 3_600 else age_text(abs(offset))
        return f"server clock {apart} {'ahead' if offset > 0 else 'behind'}"

    # Saying what happened.

    def notice(self, text: str, tone: str = "warning") -> None:
        """Say something until the next thing is said or esc is pressed; else what is being sent."""
        sending = "" if text else self.desk.under_way
        self._tells_sending = bool(sending)
        self.query_one("#notice", TextLine).show(text or sending, "busy" if sending else tone)

    def add_notice(self, text: str) -> None:
        """Say something below what is being said."""
        shown = "" if self._tells_sending else self.query_one("#notice", TextLine).shown
        if text:
            self.notice("\n".join(filter(None, (shown, text))))

    def copy(self, text: str, what: str) -> None:
        """Copy by OSC 52 and to a private file, and say exactly that."""
        self.deck_app.copy_text(text, what)

    # Operations: every key of the registry arrives here.

    def action_operation(self, operation_id: str, bound: Selection | None = None) -> None:
        """Do a registered operation, or say why not; on what was `bound` earlier, if it was."""
        operation = OPERATIONS[operation_id]
        refusal = self.refusal(operation, self.marks if bound is None else bound.marks)
        if refusal is not None:
            self.notice(f"{operation.title}: {refusal}")
            return
        self.notice("")
        self._bound = bound
        try:
            self.handlers()[operation_id]()
        finally:
            self._bound = None

    def do(self, operation_id: str, bound: Selection) -> str:
        """The same for `:`, which says itself what kept it from being done; empty: nothing did."""
        self.action_operation(operation_id, bound)
        line = self.query_one("#notice", TextLine)
        said = line.shown if line.has_class("-warning") else ""
        if said:
            self.notice("")
        return said

    @property
    def marks(self) -> frozenset[str]:
        """The keys that are marked now."""
        return frozenset()

    def refusal(self, operation: Operation, marks: frozenset[str]) -> str | None:
        """Why an operation cannot be done now while these are marked, or None."""
        return self.desk.refusal(operation)

    def show_target(self) -> None:
        """Bring what an operation would act on into sight."""

    def selection(self) -> Selection:
        """What an operation acts on that is begun now."""
        return self._bound or Selection()

    def gone(self, selection: Selection) -> str:
        """Why what was selected can no longer be acted upon, or empty."""
        return ""

    def seen(self, topic: Topic) -> Snapshot[object]:
        """What was known when the operation was begun."""
        known = self._bound.seen if self._bound else {}
        return known.get(topic) or self.desk.snapshot(topic)

    def offered(self) -> tuple[Operation, ...]:
        """The operations of this screen, in the order of the table."""
        handlers = self.handlers()
        return tuple(operation for operation in OPERATIONS.values() if operation.id in handlers)

    def review(self, proposal: "Proposal") -> None:
        """Show what is proposed; its last step sends it."""
        from tui.ui.modals.review import ReviewDialog

        told = partial(self._tell_answer, proposal.operation.title)
        self.app.push_screen(ReviewDialog(self.desk, proposal), told)

    def review_in_turn(self, calls: "tuple[Proposal, ...]") -> str:
        """The review of calls that follow one another; or why there is none."""
        from tui.ui.modals.resync_flow import review_in_turn

        if self.desk.resync is not None:
            return "a forced resync has not been looked at to its end: f shows it"
        review_in_turn(self.deck_app, self.desk, calls)
        return ""

    def review_given(self, operation: Operation, given: "Given", selection: Selection) -> str:
        """The review of an operation with settings on all that was marked; or why there is none."""
        return f"{operation.title}: nothing can be marked here"

    def _tell_answer(self, title: str, outcome: object) -> None:
        from tui.domain.resync import PluginAnswer
        from tui.ops.outcome import Outcome

        if isinstance(outcome, Outcome) and isinstance(outcome.result, PluginAnswer):
            from tui.ui.modals.answer import AnswerDialog

            self.app.push_screen(AnswerDialog(outcome.result, title))
        self.reviewed(outcome)

    def reviewed(self, outcome: object) -> None:
        """Do what is to be done here after a review."""

    def show_filter(self, text: str) -> None:
        """Show only rows that match."""

    # The command line.

    def _command_line(self) -> CommandLine:
        history = self.deck_app.commands
        return CommandLine(
            lambda text: self._commanding.act(text),
            lambda text: self._commanding.completed(text),
            self.focus_body,
            history,
        )

    @cached_property
    def _commanding(self) -> "Commanding":
        from tui.ui.screens.commanding import Commanding

        return Commanding(self)

    def _open_command(self) -> None:
        self.show_target()
        self._commanding.selection = self.selection()
        self.query_one(CommandLine).open()

    def focus_body(self) -> None:
        """Put the focus on the list."""
        self.set_focus(self.query_one(RowList))

    def _open_palette(self) -> None:
        from tui.ui.modals.palette import PaletteDialog

        self.show_target()
        selection = self.selection()
        entries = [(one, self.refusal(one, selection.marks)) for one in self.offered()]
        choose = partial(self.action_operation, bound=selection)
        self.app.push_screen(PaletteDialog(entries, choose))

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What this screen does for each operation that it offers."""
        return {
            **{
                f"screen.{title.lower()}": partial(self.deck_app.show_deck, title.lower())
                for _, title in TABS
            },
            "profile": self.deck_app.profiles.open,
            "unlock": self._turn_lock,
            "authorise": self._open_authorise,
            "undo": self.deck_app.open_undo,
            "command": self._open_command,
            "palette": self._open_palette,
            "refresh": self.ask_again,
            "pause": self._pause,
            "help": partial(self.deck_app.open_help, self),
            "quit": self.deck_app.action_leave,
        }

    def action_clear(self) -> None:
        """Esc: what was said goes."""
        self.notice("")

    def is_refused(self, action: str) -> bool:
        """Whether the key bar shows an action as refused."""
        operation_id = action.removeprefix("operation('").removesuffix("')")
        operation = OPERATIONS.get(operation_id)
        return operation is not None and self.refusal(operation, self.marks) is not None

    def _turn_lock(self) -> None:
        from tui.ui.screens.lock import turn_lock

        turn_lock(self)

    def _open_authorise(self) -> None:
        from tui.ops.authorising import Authorising
        from tui.ui.modals.authorise import AuthoriseDialog

        core = self.desk.core
        if core is None:
            self.notice("Authorise: not connected yet")
        else:
            authorising = Authorising(core.service, core.store, core.poller)
            name, clock = self.desk.facts.name, self.desk.clock
            self.app.push_screen(AuthoriseDialog(name, authorising, clock))

    def ask_again(self) -> None:
        """Get the newest of everything now."""
        if self.desk.core is not None:
            self.desk.core.poller.ask_again()

    def _pause(self) -> None:
        if self.desk.core is not None:
            self.desk.core.poller.pause(not self.desk.core.poller.paused)
            self.look_at_clock()
