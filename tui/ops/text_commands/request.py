"""A text request with resolved names; a kind makes proposals from it (`propose`)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TypeVar

from tui.frozen import frozen
from tui.ops.operations.operation import Operation
from tui.ops.targets.operand import Target
from tui.ops.text_commands import parameter_values as values
from tui.ops.text_commands.parameter_values import Texts, Wrong
from tui.ops.text_commands.setting import Setting
from tui.ops.text_commands.value_sources import ValueSources
from tui.store.snapshot import Snapshot
from tui.store.store import Store

T = TypeVar("T")


@frozen
class Request:
    operation: Operation
    target: Target
    offered: tuple[Setting, ...]
    texts: Texts
    store: Store
    now: datetime
    """The server's time."""
    rests_on: Snapshot[object]
    sources: ValueSources
    """Reads values from files and standard input."""

    def target_as(self, row: type[T]) -> T:
        """The target; TypeError if it has another type."""
        if not isinstance(self.target, row):
            raise TypeError(f"{self.operation.id} does not act on a {type(self.target).__name__}")
        return self.target


class Reading:
    """Reads one value after the other and collects the errors."""

    def __init__(self) -> None:
        self._wrong: list[str] = []

    def take(self, read_one: Callable[[], T]) -> T | None:
        """A value, or None for an invalid one; `end` reports its error."""
        try:
            return read_one()
        except Wrong as problem:
            self._wrong.extend(problem.sentences)
            return None

    def end(self) -> None:
        """Raise the collected errors. Raises Wrong: there was an error."""
        if self._wrong:
            raise Wrong(*self._wrong)


def filled(texts: Texts, reading: Reading) -> Mapping[str, str | None]:
    """All texts, none of them empty; ends the reading."""
    found = {name: reading.take(partial(values.filled, name, text)) for name, text in texts.items()}
    reading.end()
    return found
