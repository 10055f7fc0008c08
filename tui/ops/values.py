"""What the text of a setting means. Whatever cannot be taken is told with what would be right."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from tui.domain import options
from tui.domain.connections import order_of
from tui.domain.extensions import ExtensionStatus
from tui.domain.intervals import IntervalInputError, parse_input
from tui.domain.text import cited
from tui.domain.workers import WorkerOption
from tui.ops.manifests import FileRefused, HashedFile, read_now
from tui.ops.value_sources import ValueSources, path_of

Texts: TypeAlias = Mapping[str, str]
"""What was written, by the key of its setting."""


class Wrong(ValueError):
    """All that is wrong, one sentence each."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


def interval(text: str) -> float:
    """Seconds.

    Raises:
        Wrong: as everything here does.
    """
    try:
        return parse_input(text)
    except IntervalInputError as error:
        raise Wrong(f"interval: {error}") from None


def option(of: WorkerOption, text: str, sources: ValueSources) -> str:
    """An option's value as it is sent: the text, or what the file or standard input holds."""
    name = of.name or of.id
    try:
        text, was_read = sources.option(name, text, secret=options.is_secret(of))
    except FileRefused as refused:
        raise Wrong(f"{name}: {refused}") from None
    value = text if was_read else text.strip()
    value = value.lower() if options.is_bool(of) else value
    problem = options.wrong_value(of, value)
    if problem is None:
        return value
    raise Wrong(problem if problem.startswith(name) else f"{name}: {problem}")


def filled(name: str, text: str) -> str:
    """The text without the blanks around it; an empty one would send nothing."""
    if not text.strip():
        raise Wrong(f"{name} is empty: write a value, or leave it out")
    return text.strip()


def status(text: str, allowed: Sequence[ExtensionStatus]) -> ExtensionStatus:
    """One of `allowed` by its word."""
    for one in allowed:
        if one.word == text.strip().casefold():
            return one
    words = " or ".join(one.word for one in allowed)
    raise Wrong(f"status: {cited(text)} is no status that can be set: write {words}")


def truth(name: str, text: str) -> bool:
    """True or false by its word."""
    words = {"true": True, "false": False}
    if text.strip().casefold() not in words:
        raise Wrong(f"{name}: {text!r} is neither true nor false")
    return words[text.strip().casefold()]


def state(name: str, text: str) -> bool:
    """Whether `active` is written, or `inactive`."""
    words = {"active": True, "inactive": False}
    if text.strip().casefold() not in words:
        raise Wrong(f"{name}: {cited(text)} is not a state: write active or inactive")
    return words[text.strip().casefold()]


def order(text: str) -> tuple[int, ...]:
    """The numbers of connections, in the order that is wanted."""
    try:
        return order_of(text)
    except ValueError:
        raise Wrong(f"order: {text!r} is no order: write every number once, such as 2,1,3") from None


def file(name: str, place: str) -> HashedFile:
    """A file with its content."""
    if not place.strip():
        raise Wrong(f"{name} is empty: write the name of a file")
    try:
        return read_now(path_of(place))
    except FileRefused as refused:
        raise Wrong(f"{name}: {refused}") from None
