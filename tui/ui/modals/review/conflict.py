"""A form's target was changed elsewhere: opened, now and yours side by side, and how to continue.

Invariant: a form continues only with values that were shown here, and were still the server's then.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import ClassVar, TypeAlias

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.baseline import Baseline
from tui.domain.three_way_merge import Merged, Side
from tui.frozen import frozen
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.target import TargetRow
from tui.session.session import Session
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.text_line import TextLine
from tui.ui.widgets.value_comparison import Versions

CHANGED_AGAIN = "changed again meanwhile, shown with its current values. Press c again"
_LOOK_EVERY = 5.0
"""Seconds between two updates of the age."""


class Choice(Enum):
    CONTINUE = "continue with the current values"
    LEAVE = "leave the form"


@frozen
class Current:
    """The target as it is now."""

    values: Baseline
    at: datetime | None
    """When it was read."""
    row: TargetRow | None = None
    """None: it is as the form has it."""


MergedWith: TypeAlias = Callable[[Baseline], Sequence[Merged]]
"""Makes the columns with the current values."""


async def read_again(session: Session, proposal: Proposal, opened: Current) -> Current | Refusal:
    """The target of a form's proposal as it is now; `opened`: as the form has it."""
    found = await session.read_again(proposal)
    if found is None:
        return replace(opened, at=session.clock())
    if found.conflict is None or found.conflict.row is None:
        return Refusal(". ".join(text for text in (found.sentence, found.next_step) if text))
    return Current(found.conflict.now, found.at, found.conflict.row)


class ConflictDialog(Dialog[Choice | None]):
    """Shows three versions of every value that differs; None: back to the form as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "continue", "continue"),
        Binding("f10", "leave_form", "leave", key_display="F10"),
        *READING,
        Binding("down", "more", "more", key_display="↓"),
    ]

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"continue"})

    def __init__(
        self,
        session: Session,
        target: str,
        merged_with: MergedWith,
        current: Current,
        read: Callable[[], Awaitable[Current | Refusal]],
        note: str,
    ) -> None:
        """`read`: reads the current values again."""
        super().__init__(f"Changed elsewhere · {target}")
        self._session, self._merged_with, self._read = session, merged_with, read
        self.current = current
        """What the column *now* shows."""
        self._merged = tuple(merged_with(current.values))
        self._note = note

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="remark")
        yield Versions()

    def on_mount(self) -> None:
        self.query_one(Versions).show(self._merged)
        self.follow()
        self.repeat(_LOOK_EVERY, self.follow)

    def follow(self) -> None:
        self.query_one("#remark", TextLine).show(self._explanation())

    def _explanation(self) -> str:
        collisions = sum(one.side is Side.COLLISION for one in self._merged)
        parts = [self._note]
        if self.current.at is not None:
            parts.append(f"The column 'now' was read {self._session.age_since(self.current.at)}.")
        parts.append(
            "c reads it again; then untouched fields take the server's value, touched ones keep yours."
        )
        if collisions:
            what = "One value was" if collisions == 1 else f"{collisions} values were"
            parts.append(f"{what} changed by both: yours would overwrite theirs.")
        return " ".join(parts)

    def action_continue(self) -> None:
        """Continue with the current values; this sends nothing."""
        self.take_key(self._read_first, "press c again")

    def _read_first(self) -> None:
        self.trouble("reading the current values…", "busy")
        self._go_on()

    @work(group="compare", exclusive=True, exit_on_error=False)
    async def _go_on(self) -> None:
        found = await self._read()
        if not self.is_active:
            return
        if isinstance(found, Refusal):
            self.trouble(found.sentence)
            return
        merged, self.current = tuple(self._merged_with(found.values)), found
        if merged == self._merged:
            self.dismiss(Choice.CONTINUE)
            return
        self._merged = merged
        self.last_key.void()
        self.query_one(Versions).show(merged)
        self.follow()
        self.query_one("#body").scroll_home(animate=False)
        self.trouble(CHANGED_AGAIN, "warning")
        self.call_after_refresh(self.last_key.drawn)

    def action_leave_form(self) -> None:
        """Leave the form as well; its draft is kept."""
        self.dismiss(Choice.LEAVE)


Compared: TypeAlias = Callable[[ConflictDialog, Choice | None], Awaitable[None]]
