"""What dialogs, forms and screens may expect of the app and of the screen below them.

They are typed against these Protocols and not against the app: the app imports every screen, so a screen
that imported the app would close a circle.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from textual.dom import DOMNode
    from textual.screen import Screen

    from tui.ops.operations.operation import Operation
    from tui.ops.proposals.proposal import Proposal
    from tui.ops.text_commands.setting import Given
    from tui.session.selection import Selection
    from tui.session.session import Session
    from tui.ui.terminal.key_queue import KeyQueue


Handler = Callable[[], str | None]
"""Runs an operation; returns why it was refused, or nothing."""


class ScreenHost(Protocol):
    """A full screen: what other parts call on it."""

    TAB: ClassVar[str]
    HAS_TARGETS: ClassVar[bool]

    @property
    def session(self) -> "Session": ...

    @property
    def is_mounted(self) -> bool:
        """Whether it is laid out."""

    def notice(self, text: str, tone: str = "warning") -> None:
        """Show a message until the next notice."""

    def add_notice(self, text: str) -> None:
        """Show a message below the current notice."""

    def look_at_clock(self) -> None:
        """Update freshness, engine and trouble line."""

    def show_profile(self) -> None:
        """Show the profile in the header, and the operations it allows."""

    def offered(self) -> "Sequence[Operation]":
        """The operations of the screen, in the order of the table."""

    def refusal(self, operation: "Operation", marks: frozenset[str]) -> str | None:
        """Why an operation is not allowed now while these are marked, or None."""

    def do(self, operation_id: str, bound: "Selection | None") -> str:
        """Run an operation on what was selected; why it was refused, or empty."""

    def missing(self, selection: "Selection") -> str:
        """Why the selection can no longer be acted upon, or empty."""

    def show_filter(self, text: str) -> None: ...

    def review(self, proposal: "Proposal") -> None:
        """Show the proposal; its confirmation sends it."""

    def review_in_turn(self, calls: "tuple[Proposal, ...]") -> str:
        """The review of calls that follow one another; or why there is none."""

    def review_with_args(self, operation: "Operation", args: "Given", selection: "Selection") -> str:
        """The review of an operation with settings on all marked targets; or why there is none."""

    def handlers(self) -> dict[str, Handler]:
        """The handler of each operation that the screen offers."""


class ProfilesHost(Protocol):
    """The profiles of the config."""

    def open(self) -> str:
        """Offer the other profiles; why there are none, or empty."""


class AppHost(Protocol):
    """The app: what a dialog, a form or a screen calls on it."""

    session: "Session"
    typed: "KeyQueue"
    round_trip: float
    keeps_reports: bool
    commands: list[str]
    monotonic: Callable[[], float]

    @property
    def tab_screen(self) -> ScreenHost | None:
        """The full screen in front, below any dialog."""

    @property
    def profiles(self) -> ProfilesHost:
        """The profiles that can be switched to."""

    def show_tab(self, name: str) -> None:
        """Switch to a full screen."""

    def snapshot_shown(self) -> None:
        """Called once the screen in front shows something new."""

    def open_help(self, screen: ScreenHost) -> None: ...

    def open_undo(self) -> None:
        """Show what this session changed."""

    def action_leave(self) -> None:
        """Leave the console, with a question if something would be lost."""

    def leave_or_ask(self) -> str:
        """The same for a caller that shows the question; empty: the console was left."""

    def tell(self, text: str, tone: str) -> None:
        """Show a message where it is in sight."""

    def copy_text(self, text: str, what: str, then: str = "") -> None:
        """Copy to the terminal's clipboard and to a private file."""

    def copy_to_clipboard(self, text: str) -> None:
        """Send `text` to the terminal's clipboard."""

    def push_screen(self, screen: "Screen[Any]", callback: Any = None) -> object:
        """Show a dialog; `callback` receives its result."""

    def run_worker(
        self,
        work: "Awaitable[Any]",
        *,
        group: str = "default",
        exit_on_error: bool = True,
        exclusive: bool = False,
    ) -> object:
        """Run something in the background; as Textual's."""


def app_of(node: "DOMNode") -> AppHost:
    """The app of a widget or screen, typed."""
    return cast("AppHost", node.app)
