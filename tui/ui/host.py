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

    from tui.core import Core
    from tui.ops.operations.operation import Operation
    from tui.ops.proposals.proposal import Proposal
    from tui.ops.text_commands.setting import Given
    from tui.session.selection import Selection
    from tui.session.session import Session
    from tui.ui.terminal.key_queue import KeyQueue


Handler = Callable[[], str | None]
"""Runs an operation; returns why it was refused, or nothing."""


class ScreenHost(Protocol):
    """A full screen: what other parts call on it. `TabScreen` says what each does."""

    TAB: ClassVar[str]
    HAS_TARGETS: ClassVar[bool]

    @property
    def session(self) -> "Session": ...
    @property
    def core(self) -> "Core": ...
    @property
    def is_mounted(self) -> bool: ...
    def notice(self, text: str, tone: str = "warning") -> None: ...
    def add_notice(self, text: str) -> None: ...
    def look_at_clock(self) -> None: ...
    def show_profile(self) -> None: ...
    def offered(self) -> "Sequence[Operation]": ...
    def refusal(self, operation: "Operation", marks: frozenset[str]) -> str | None: ...
    def do(self, operation_id: str, bound: "Selection | None") -> str: ...
    def operate(self, operation_id: str, bound: "Selection | None" = None) -> None: ...
    def missing(self, selection: "Selection") -> str: ...
    def show_filter(self, text: str) -> None: ...
    def review(self, proposal: "Proposal") -> None: ...
    def review_in_turn(self, calls: "tuple[Proposal, ...]") -> str: ...
    def review_with_args(self, operation: "Operation", args: "Given", selection: "Selection") -> str: ...
    def handlers(self) -> dict[str, Handler]: ...


class ProfilesHost(Protocol):
    def open(self) -> str:
        """Offer the other profiles of the config; why there are none, or empty."""


class AppHost(Protocol):
    """The app: what a dialog, a form or a screen calls on it. `SyncdeckApp` and its bases say what each
    does.
    """

    session: "Session"
    typed: "KeyQueue"
    round_trip: float
    keeps_reports: bool
    commands: list[str]
    monotonic: Callable[[], float]

    @property
    def tab_screen(self) -> ScreenHost | None: ...
    @property
    def profiles(self) -> ProfilesHost: ...
    def show_tab(self, name: str) -> None: ...
    def snapshot_shown(self) -> None: ...
    def open_help(self, screen: ScreenHost) -> None: ...
    def open_undo(self) -> None: ...
    def action_leave(self) -> None: ...
    def leave_or_ask(self) -> str: ...
    def tell(self, text: str, tone: str) -> None: ...
    def copy_text(self, text: str, what: str, then: str = "") -> None: ...
    def copy_to_clipboard(self, text: str) -> None: ...
    def push_screen(self, screen: "Screen[Any]", callback: Any = None) -> object: ...
    def run_worker(
        self,
        work: "Awaitable[Any]",
        *,
        group: str = "default",
        exit_on_error: bool = True,
        exclusive: bool = False,
    ) -> object: ...


def app_of(node: "DOMNode") -> AppHost:
    """The app of a widget or screen, typed."""
    return cast("AppHost", node.app)
