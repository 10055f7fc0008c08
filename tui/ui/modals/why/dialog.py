"""Why a target is as it is: at most three explanations, and what the team wrote.

A step is run by its key. What is known in memory is shown at once, with the history once that is read.
Both are read again when another explanation holds.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.why.explanation import Why
from tui.ops.operations.operation import Operation, Scope
from tui.ops.operations.registry import OPERATIONS
from tui.session.why.of_session import why_now, why_of
from tui.ui.bindings import bindings_for, operation_of
from tui.ui.host import app_of
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.modals.why.facts import facts_of
from tui.ui.modals.why.question import Question
from tui.ui.widgets.fact_list import Fact, Facts, plain_text

if TYPE_CHECKING:
    from textual.dom import DOMNode

_OWN = ("why", "copy", "quit")
"""Operations whose key has another meaning here."""
_RUN = [one.id for one in OPERATIONS.values() if one.scope is not Scope.PAST and one.id not in _OWN]
_STAYS = "refresh"
"""What it changes is seen here."""


class WhyDialog(Dialog[str]):
    """Closes with the id of the operation that is to be run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(replace(one, show=True) for one in bindings_for(*_RUN)),
        Binding("y", "copy", "copy"),
        Binding("down", "more", "more", key_display="↓"),
        Binding("W", "leave", "Back", show=False),
        *READING,
    ]

    def __init__(self, question: Question) -> None:
        super().__init__(f"Why · {question.subject.name}")
        self._question, self._session = question, question.screen.session
        self._facts: tuple[Fact, ...] = ()
        self._steps: dict[str, Operation] = {}
        """Those that can be run from here, by id, in their order."""
        self._is_requested = False
        self._known: object = None
        """What the shown explanations follow from."""

    def compose_body(self) -> ComposeResult:
        yield Facts()

    def on_mount(self) -> None:
        self._show(why_now(self._session, self._question.subject))
        self.follow()

    def follow(self) -> None:
        """Explain again where the reason is another one, or the history can be read by now."""
        if self._is_requested:
            self._is_requested = False
            self.trouble("")
        why = why_now(self._session, self._question.subject)
        known = (
            why.verdict,
            [(one.id, one.sentence) for one in why.explanations],
            self._session.history is None,
        )
        if known != self._known:
            self._known = known
            self._read()

    @work(group="why", exclusive=True)
    async def _read(self) -> None:
        self._show(await why_of(self._session, self._question.subject))

    def _show(self, why: Why) -> None:
        question, history = self._question, self._session.history
        named = (OPERATIONS.get(step.operation) for one in why.explanations for step in one.steps)
        self._steps = {one.id: one for one in named if one is not None and question.can_run(one)}
        self._facts = facts_of(
            why, question.runbooks(why), self._session.clock(), self._steps, question.refusal
        )
        past = history.looking_at if history is not None else ""
        self.rename(" · ".join(filter(None, ("Why", question.subject.name, why.verdict.word, past))))
        self.query_one(Facts).show(self._facts)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "operation":
            return parameters[0] in self._steps
        return super().check_action(action, parameters)

    def is_dimmed(self, action: str) -> bool:
        operation = operation_of(action)
        return operation is not None and self._question.refusal(operation) is not None

    def bar_rank(self, action: str) -> int:
        operation, ranks = operation_of(action), list(self._steps.values())
        return ranks.index(operation) if operation in ranks else len(ranks)

    def action_operation(self, operation_id: str) -> None:
        """Run a step, by its own review; why it is refused is shown here."""
        operation = OPERATIONS[operation_id]
        refusal = self._question.refusal(operation)
        if refusal is not None:
            self.trouble(f"{operation.title}: {refusal}", "warning")
        elif operation_id == _STAYS:
            refused = self._question.run(operation_id)
            self.trouble(refused or f"{operation.title}: requested", "warning" if refused else "busy")
            self._is_requested = not refused
        else:
            self.dismiss(operation_id)

    def action_copy(self) -> None:
        at = f"{self._session.clock():%Y-%m-%d %H:%M:%S} UTC"
        text = f"{self.heading} · {self._session.facts.name} · {at}\n{plain_text(self._facts)}\n"
        app_of(self).copy_text(text, "the explanations")


def ask(question: Question, before: Callable[[], object] = lambda: None) -> None:
    """`before`: called before a step is run that leaves the dialog."""

    def closed(operation_id: str | None) -> None:
        if operation_id:
            before()
            refused = question.run(operation_id)
            if refused:
                question.screen.notice(refused)

    app_of(cast("DOMNode", question.screen)).push_screen(WhyDialog(question), closed)
