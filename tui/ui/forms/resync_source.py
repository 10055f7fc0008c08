"""The source of a resync as it is written: `0` or `crm`, or a connection's number. Pure."""

from collections.abc import Sequence

from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.key_lines import LARGEST_KEY
from tui.ops.targets.fitness import DOUBLED

Known = Sequence[Connection] | None
"""The connections; None where they are unknown."""


def sources_note(connections: Known) -> str:
    if connections is None:
        return "0 CRM · the connections are unknown at the moment"
    listed = (
        f"{one.id} {one.name}{'' if one.active else ' (inactive)'}"
        for one in connections
        if not one.deleted
    )
    return " · ".join(("0 CRM", *listed))


def source_of(text: str, connections: Known) -> int | None:
    """The source's number, 0 for CRM; None where none is written."""
    if text.casefold() == "crm":
        return 0
    return int(text) if text and wrong_source(text, connections) is None else None


def wrong_source(text: str, connections: Known) -> str | None:
    """Why the text is not a source, with valid ones; or None."""
    if text.casefold() == "crm":
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= LARGEST_KEY):
        return f"{text!r} is not a source: write 0 for CRM, or a connection's number"
    known = {0, *(connection.id for connection in connections or ())}
    if connections is not None and int(text) not in known:
        listed = ", ".join(str(number) for number in sorted(known) if number > 0)
        return f"connection {text} is not in the list: write 0 for CRM, or one of {listed}"
    if any(one.id == int(text) and one.doubled for one in connections or ()):
        return f"connection {text}: {DOUBLED}"
    return None
