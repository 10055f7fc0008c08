"""The answer of a sync call: what it says of itself, and the technical text folded away."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.resync import PluginAnswer, RecordRef
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Fact, Facts

_MOST_CHANGES = 50
"""Records that are listed one by one."""


class AnswerDialog(Dialog[None]):
    """A PluginResponse; `t` unfolds the technical text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "technical", "technical text"),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(self, answer: PluginAnswer, of: str = "Forced resync") -> None:
        """`of`: what was answered."""
        super().__init__(f"{of}: the server's answer")
        self._answer = answer
        self._unfolded = False

    def compose_body(self) -> ComposeResult:
        """One block of facts."""
        yield Facts()

    def on_mount(self) -> None:
        """Show the answer."""
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is offered to unfold where nothing is folded."""
        return action != "technical" or bool(self._answer.technical)

    def action_technical(self) -> None:
        """Fold or unfold the technical text."""
        self._unfolded = not self._unfolded
        self._show()

    def _show(self) -> None:
        self.query_one(Facts).show(answer_facts(self._answer, unfolded=self._unfolded))


def answer_facts(answer: PluginAnswer, *, unfolded: bool) -> tuple[Fact, ...]:
    """The answer as facts; a contradiction is shown as doubtful."""
    word = {True: "went well", False: "failed", None: "doubtful"}[answer.ok]
    lines: list[Fact] = [("Result", word + (f": {answer.doubtful}" if answer.doubtful else ""))]
    lines.append(("Status", answer.status or "not reported"))
    lines.append(("Explanation", answer.explanation or "none given"))
    if answer.error_code:
        lines.append(("Error code", answer.error_code))
    lines.extend(_changes(answer.changes))
    if answer.technical:
        folded = f"{len(answer.technical)} characters, t shows them"
        lines.append(("Technical", answer.technical if unfolded else folded))
    return tuple(lines)


def _changes(changes: Sequence[RecordRef]) -> Iterator[Fact]:
    """How many of each kind, then the first ones."""
    if not changes:
        yield "Changes", "none listed"
        return
    counted = Counter(f"{change.change} {change.table}" for change in changes)
    yield "Changes", ", ".join(f"{kind}: {count}" for kind, count in counted.items())
    for change in changes[:_MOST_CHANGES]:
        yield "", f"{change.change} {change.table} {change.record_id}"
    if len(changes) > _MOST_CHANGES:
        yield "", f"and {len(changes) - _MOST_CHANGES} more"
