"""Reads the text of settings. An invalid text is reported with valid examples."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

from tui.domain.intervals import IntervalInputError, parse_input
from tui.domain.jtl import worker_options as options
from tui.domain.jtl.extensions import ExtensionStatus
from tui.domain.jtl.workers import WorkerOption
from tui.domain.superoffice.connections import order_of
from tui.domain.text import cited
from tui.ops.files.manifest_files import FileRefused, HashedFile, read_now
from tui.ops.text_commands.value_sources import ValueSources, path_of

T = TypeVar("T")
Texts: TypeAlias = Mapping[str, str]
"""Texts by the key of their setting."""


class Wrong(ValueError):
    """All errors, one sentence each."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


def interval(text: str) -> float:
    """Seconds. Raises Wrong: like all functions here."""
    try:
        return parse_input(text)
    except IntervalInputError as error:
        raise Wrong(f"interval: {error}") from None


def option(of: WorkerOption, text: str, sources: ValueSources) -> str:
    """An option's value: the text, or the content of the file or standard input."""
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
    says_name = of.required and not (value.strip() or of.altered)
    raise Wrong(problem if says_name else f"{name}: {problem}")


def filled(name: str, text: str) -> str:
    """The stripped text; an empty one is an error because it would send nothing."""
    if not text.strip():
        raise Wrong(f"{name} is empty: write a value, or leave it out")
    return text.strip()


def status(text: str, allowed: Sequence[ExtensionStatus]) -> ExtensionStatus:
    return _one_of("status", text, {one.word: one for one in allowed})


def truth(name: str, text: str) -> bool:
    return _one_of(name, text, {"true": True, "false": False})


def state(name: str, text: str) -> bool:
    return _one_of(name, text, {"active": True, "inactive": False})


def _one_of(name: str, text: str, words: Mapping[str, T]) -> T:
    word = text.strip().casefold()
    if word not in words:
        raise Wrong(f"{name}: {cited(text)} is invalid: write {' or '.join(words)}")
    return words[word]


def order(text: str) -> tuple[int, ...]:
    """The numbers of connections, in the requested order."""
    try:
        return order_of(text)
    except ValueError:
        raise Wrong(f"order: {text!r} is invalid: write every number once, such as 2,1,3") from None


def file(name: str, place: str) -> HashedFile:
    if not place.strip():
        raise Wrong(f"{name} is empty: write the name of a file")
    try:
        return read_now(path_of(place))
    except FileRefused as refused:
        raise Wrong(f"{name}: {refused}") from None
