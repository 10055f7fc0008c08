"""`[[runbook]]` of the config: what is wrong with an entry, and the runbooks that they are."""

from collections.abc import Iterator

from tui.config.file import ConfigFile
from tui.config.model import Config, RunbookTable
from tui.domain.runbooks import Runbook, read_when
from tui.domain.urls import fault_of

_LONGEST = 1_000
"""Characters of a value."""


def faults(file: ConfigFile, config: Config) -> Iterator[str]:
    """A sentence for every mistake, with the line, the entry and the field."""
    for number, entry in enumerate(config.runbook):
        for key, sentence in _of_entry(entry):
            where = ("runbook", str(number), *filter(None, (key,)))
            field = f"{key}: " if key else ""
            yield file.blame(where, f"[[runbook]] {number + 1}: {field}{sentence}")


def to_runbooks(config: Config) -> tuple[Runbook, ...]:
    """The runbooks of a config without faults."""
    return tuple(Runbook(read_when(one.when), one.text, one.url, one.call) for one in config.runbook)


def _of_entry(entry: RunbookTable) -> Iterator[tuple[str, str]]:
    """The wrong field (empty: the entry), and why."""
    when = read_when(entry.when)
    if when.problem:
        yield "when", when.problem
    elif not when.terms:
        yield "when", 'write a filter, such as "message:401 kind:Temu"'
    if not any(one.strip() for one in (entry.text, entry.url, entry.call)):
        yield "", "it says nothing: write text, url or call"
    if entry.url and (fault := _url_fault(entry.url)):
        yield "url", fault
    for key in ("when", "text", "url", "call"):
        if len(getattr(entry, key)) > _LONGEST:
            yield key, f"it is too long: write at most {_LONGEST:,} characters"


def _url_fault(url: str) -> str | None:
    """Of a page, which may be asked for something and have a place in it."""
    if any(char.isspace() or not char.isprintable() for char in url):
        return fault_of(url)
    return fault_of(url.partition("#")[0].partition("?")[0])
