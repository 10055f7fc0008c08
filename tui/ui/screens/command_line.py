"""`:` on a screen: a line of text becomes an operation on what was selected when `:` was pressed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.domain.profile import System
from tui.domain.text import cited
from tui.domain.writes import ALL_CONNECTIONS, ENGINE
from tui.ops.operations.names import find_operation, named
from tui.ops.operations.operation import Danger, Operation, Scope
from tui.ops.operations.registry import OPERATIONS
from tui.ops.refusal import Refusal
from tui.ops.targets.lookup import acts_on, find_target
from tui.ops.targets.operand import ActsOn, Target
from tui.ops.text_commands.bulk_from_text import FOR_SEVERAL
from tui.ops.text_commands.command_line import Command, Completion, complete, parse_command, tokens
from tui.ops.text_commands.parameter_values import Wrong
from tui.ops.text_commands.proposal_from_text import Unchanged, propose_calls, seen_in, settings_for
from tui.ops.text_commands.setting import Setting
from tui.session.selection import Selection, refused_on
from tui.store.store import Store
from tui.ui.host import ScreenHost, app_of

if TYPE_CHECKING:
    from textual.dom import DOMNode

_TAKES_WORDS = "filter"
_TAKES_TARGETS = "maintenance"
_LISTED_BY = "the palette (ctrl+p)"
_SHORT = {"q": "quit"}
"""Habits from other programs."""


class CommandRunner:
    def __init__(self, screen: ScreenHost) -> None:
        self._screen = screen
        self.selection = Selection()
        """The target of the next command."""

    def act(self, text: str) -> str:
        """Run the command; returns what is wrong, or empty."""
        command = parse_command(text)
        if isinstance(command, Refusal):
            return command.sentence
        operation = self._operation(command.word)
        if isinstance(operation, Refusal):
            return operation.sentence
        refusal = self._screen.refusal(operation, self.selection.marks)
        if refusal is not None:
            return f"{operation.title}: {refusal}"
        if operation.danger is not Danger.READ and (command.words or command.given):
            return self._propose(operation, command)
        if operation.id == _TAKES_WORDS and (command.words or command.given):
            # As the filter line would read it: quotes and signs have a meaning there.
            self._screen.show_filter(text.split(maxsplit=1)[1])
            return ""
        if operation.id == _TAKES_TARGETS and command.words:
            from tui.ui.modals.maintenance.opening import open_maintenance

            return open_maintenance(app_of(cast("DOMNode", self._screen)), self._screen, tokens(text))
        if command.words or command.given:
            return f"{command.word} has no arguments: write {command.word} alone"
        return self._screen.do(operation.id, self.selection)

    def _operation(self, word: str) -> Operation | Refusal:
        word = _SHORT.get(word.casefold(), word)
        found = find_operation(word, self._screen.offered(), _LISTED_BY)
        elsewhere = named(word, tuple(OPERATIONS.values()))
        if isinstance(found, Operation) or not elsewhere or named(word, self._screen.offered()):
            return found
        what = elsewhere[0].title if len(elsewhere) == 1 else word
        return Refusal(f"{what} is not available on this screen{self._where(elsewhere)}")

    def _where(self, operations: Sequence[Operation]) -> str:
        """Which keys lead to the screens that have these; empty where none does, or all do."""
        app = app_of(cast("DOMNode", self._screen))
        tabs = {tab for one in operations for tab in app.tabs_with(one.id)}
        screens = [one for one in OPERATIONS.values() if one.id.startswith("screen.")]
        having = [one for one in screens if one.id.removeprefix("screen.") in tabs]
        listed = " or ".join(f"{one.title} ({one.key})" for one in having)
        return f", but on {listed}" if 0 < len(having) < len(screens) else ""

    def _propose(self, operation: Operation, command: Command) -> str:
        store = self._screen.session.store
        if self.selection.marks and operation.id in FOR_SEVERAL and not command.words:
            return self._screen.review_with_args(operation, command.given, self.selection)
        if self.selection.marks and acts_on(operation) is not ActsOn.NEW_ROW:
            return refused_on(self.selection.marks, operation)
        target = self._target(operation, command, store)
        if isinstance(target, Refusal):
            return target.sentence
        seen = self.selection.seen.get(seen_in(operation))
        now = self._screen.session.now(System.JTL)
        try:
            calls = propose_calls(operation, target, command.given, store, now, seen)
        except Wrong as problem:
            return str(problem)
        if isinstance(calls, Unchanged):
            return calls.sentence
        if len(calls) > 1:
            return self._screen.review_in_turn(calls)
        self._screen.review(calls[0])
        return ""

    def _target(self, operation: Operation, command: Command, store: Store) -> Target | Refusal:
        """The row under the cursor; a word names the target only where no row could. The engine is the
        only one of its kind, so it need not be named."""
        kind = acts_on(operation)
        if kind is ActsOn.ENGINE:
            return find_target(operation, " ".join(command.words) or ENGINE, store)
        if kind is ActsOn.ORDER and not command.words:
            return find_target(operation, ALL_CONNECTIONS, store)
        if kind is ActsOn.NEW_ROW or (operation.scope is Scope.ENGINE and not self._screen.HAS_TARGETS):
            if len(command.words) != 1:
                return Refusal(f"name one target: {command.word} NAME {_example(operation)}")
            return find_target(operation, command.words[0], store)
        if command.words:
            row = "the row under the cursor"
            return Refusal(
                f"{command.word} acts on {row}: write KEY=VALUE, not {cited(command.words[0])}"
            )
        selection = self.selection
        reason = selection.nothing or self._screen.missing(selection)
        return Refusal(reason) if reason else cast("Target", selection.targets[0])

    def completed(self, text: str) -> Completion:
        return complete(text, self._screen.offered(), self._settings)

    def _settings(self, operation: Operation) -> Sequence[Setting]:
        if operation.danger is Danger.READ:
            return ()
        targets = self.selection.targets
        return settings_for(operation, cast("Target", targets[0]) if targets else None)


def _example(operation: Operation) -> str:
    return " ".join(setting.example for setting in settings_for(operation))
