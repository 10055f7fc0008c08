"""`:` on a screen: a line of text becomes an operation on what was selected when `:` was pressed."""

from collections.abc import Sequence
from typing import cast

from tui.domain.changes import ALL_CONNECTIONS, ENGINE
from tui.domain.systems import System
from tui.domain.text import cited
from tui.ops.command import Command, Completion, complete, parse_command
from tui.ops.names import find_operation, named
from tui.ops.operation import Danger, Operation, Scope
from tui.ops.propose import Unchanged, propose_calls, seen_in
from tui.ops.propose_all import FOR_SEVERAL
from tui.ops.registry import OPERATIONS
from tui.ops.settings import Setting, settings_for
from tui.ops.targets import CREATES, ORDERS, Target, find_target, is_of_engine
from tui.ops.values import Wrong
from tui.store.store import Store
from tui.ui.screens.deck import DeckScreen
from tui.ui.selection import Selection, refused_on

_TAKES_WORDS = "filter"
_SHORT = {"q": "quit"}
"""What is written out of habit."""


class Commanding:
    """The commands of one screen."""

    def __init__(self, deck: DeckScreen) -> None:
        self._deck = deck
        self.selection = Selection()
        """What the next command acts on."""

    # Doing.

    def act(self, text: str) -> str:
        """Do what the line says; what is wrong, or empty."""
        command = parse_command(text)
        if isinstance(command, str):
            return command
        operation = self._operation(command.word)
        if isinstance(operation, str):
            return operation
        refusal = self._deck.refusal(operation, self.selection.marks)
        if refusal is not None:
            return f"{operation.title}: {refusal}"
        if operation.danger is not Danger.READ and (command.words or command.given):
            return self._propose(operation, command)
        if operation.id == _TAKES_WORDS and (command.words or command.given):
            # As the filter line would read it: quotes and signs mean something there.
            self._deck.show_filter(text.split(maxsplit=1)[1])
            return ""
        if command.words or command.given:
            return f"{command.word} takes nothing more: write {command.word} alone"
        return self._deck.do(operation.id, self.selection)

    def _operation(self, word: str) -> Operation | str:
        word = _SHORT.get(word.casefold(), word)
        found = find_operation(word, self._deck.offered())
        elsewhere = named(word, tuple(OPERATIONS.values()))
        if isinstance(found, Operation) or not elsewhere or named(word, self._deck.offered()):
            return found
        what = elsewhere[0].title if len(elsewhere) == 1 else word
        return f"{what} is not done on this screen"

    def _propose(self, operation: Operation, command: Command) -> str:
        core = self._deck.desk.core
        assert core is not None  # noqa: S101 - `refusal` was asked first
        if self.selection.marks and operation.id in FOR_SEVERAL and not command.words:
            return self._deck.review_given(operation, command.given, self.selection)
        if self.selection.marks and operation.id != CREATES:
            return refused_on(self.selection.marks, operation)
        target = self._target(operation, command, core.store)
        if isinstance(target, str):
            return target
        seen = self.selection.seen.get(seen_in(operation))
        now = self._deck.desk.now(System.JTL)
        try:
            calls = propose_calls(operation, target, command.given, core.store, now, seen)
        except Wrong as problem:
            return str(problem)
        if isinstance(calls, Unchanged):
            return calls.sentence
        if len(calls) > 1:
            return self._deck.review_in_turn(calls)
        self._deck.review(calls[0])
        return ""

    def _target(self, operation: Operation, command: Command, store: Store) -> Target | str:
        """The row under the cursor; a word names the target only where no row could. The engine is
        the only one of its kind, so it need not be named."""
        if is_of_engine(operation):
            return find_target(operation, " ".join(command.words) or ENGINE, store)
        if operation.id == ORDERS and not command.words:
            return find_target(operation, ALL_CONNECTIONS, store)
        if operation.id == CREATES or (operation.scope is Scope.ENGINE and not self._deck.HAS_TARGETS):
            if len(command.words) != 1:
                return f"name one target: {command.word} NAME {_example(operation)}"
            return find_target(operation, command.words[0], store)
        if command.words:
            row = "the row under the cursor"
            return f"{command.word} acts on {row}: write KEY=VALUE, not {cited(command.words[0])}"
        selection = self.selection
        return selection.nothing or self._deck.gone(selection) or cast("Target", selection.things[0])

    # Completing.

    def completed(self, text: str) -> Completion:
        """As far as it is clear how the line goes on."""
        return complete(text, self._deck.offered(), self._settings)

    def _settings(self, operation: Operation) -> Sequence[Setting]:
        if operation.danger is Danger.READ:
            return ()
        things = self.selection.things
        return settings_for(operation, cast("Target", things[0]) if things else None)


def _example(operation: Operation) -> str:
    return " ".join(setting.example for setting in settings_for(operation))
