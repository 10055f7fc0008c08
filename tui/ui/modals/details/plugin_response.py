"""The response to a sync call: its result, and the technical text folded away."""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.fact_list import Fact, Facts

_MOST_CHANGES = 2_000
"""Records that are listed one by one."""
_SIGNS = {"OkWithInfo": "✔", "Ok": "✔", "Warning": "▲"}


class AnswerDialog(Dialog[None]):
    """A PluginResponse; `t` unfolds the technical text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "technical", "technical text"),
        *READING,
    ]

    def __init__(self, answer: PluginAnswer, of: str = "Forced resync") -> None:
        """`of`: what the response belongs to."""
        super().__init__(f"{of}: the server's response")
        self._answer = answer
        self._unfolded = False

    def compose_body(self) -> ComposeResult:
        yield Facts(answer_facts(self._answer, unfolded=False))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "technical" or bool(self._answer.technical)

    def action_technical(self) -> None:
        self._unfolded = not self._unfolded
        self.query_one(Facts).show(answer_facts(self._answer, unfolded=self._unfolded))


def sign_of(answer: PluginAnswer) -> str:
    return {True: _SIGNS.get(answer.status, "✔"), False: "✖", None: "?"}[answer.ok]


def answer_facts(answer: PluginAnswer, *, unfolded: bool) -> tuple[Fact, ...]:
    """The response as facts; a contradiction is shown as doubtful."""
    why = f": {answer.doubtful}" if answer.doubtful else ""
    lines: list[Fact] = [("Result", f"{sign_of(answer)} {answer.word}{why}")]
    lines.append(("Status", answer.status or "not reported"))
    lines.append(("Explanation", answer.explanation or "none given"))
    if answer.error_code:
        lines.append(("Error code", answer.error_code))
    if answer.technical:
        folded = f"{len(answer.technical)} characters, t shows them"
        lines.append(("Technical", answer.technical if unfolded else folded))
    return (*lines, *_changes(answer))


def _changes(answer: PluginAnswer) -> Iterator[Fact]:
    """The count of each kind by table, then one by one; says so where changes are unreported or
    unreadable."""
    changes = answer.changes or ()
    if not changes:
        is_complete = answer.changes is not None and not answer.unreadable
        yield "Changes", "none listed" if is_complete else answer.changed
        return
    tables: dict[str, Counter[str]] = {}
    for change in changes:
        tables.setdefault(change.table or "(no table)", Counter())[change.change] += 1
    for place, (table, kinds) in enumerate(tables.items()):
        counted = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
        yield "" if place else "Changes", f"{table}: {counted}"
    if answer.unreadable:
        yield "", f"{answer.unreadable:,} more unreadable"
    for change in changes[:_MOST_CHANGES]:
        number = "without a number" if change.record_id is None else str(change.record_id)
        yield "", f"{change.change} {change.table} {number}"
    if len(changes) > _MOST_CHANGES:
        yield "", f"and {len(changes) - _MOST_CHANGES:,} more"
