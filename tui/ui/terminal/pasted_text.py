"""What of a paste goes into a field: harmless text, in a one-line field on one line."""

import re
from typing import TYPE_CHECKING

from textual import events

from tui.domain.text import counted, harmless
from tui.ui.messages import Pasted, PasteIncomplete

if TYPE_CHECKING:
    from textual.dom import DOMNode

_MOST_ON_A_LINE = 10_000
"""Characters that a one-line field accepts at once."""
_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def fitted(event: events.Paste, target: "DOMNode") -> events.Paste:
    """The paste that `target` gets instead; the app is notified if it is incomplete."""
    from textual.widgets import Input, TextArea

    lines = _LINE_BREAK.split(event.text)
    if isinstance(target, TextArea):
        text = whole = "\n".join("\t".join(map(harmless, line.split("\t"))) for line in lines)
    else:
        whole = one_line(lines)
        text = whole[:_MOST_ON_A_LINE]
    total, is_whole = len(whole), True
    if isinstance(event, Pasted):
        total, is_whole = total + event.total - len(event.text), event.is_whole
    if not is_whole or total > len(text):
        kept = len(text) if isinstance(target, Input | TextArea) else 0
        target.app.post_message(PasteIncomplete(kept, total, is_whole=is_whole))
    pasted = events.Paste(text)
    pasted.time = event.time
    return pasted


def one_line(lines: list[str]) -> str:
    """The lines joined by blanks, without empty lines; a single line keeps its blanks."""
    if len(lines) > 1:
        lines = [line.strip() for line in lines if line.strip()]
    return " ".join(map(harmless, lines))


def incomplete(message: PasteIncomplete) -> str:
    """The notice about a paste of which something is missing."""
    if message.is_whole:
        return f"The paste is too long: kept the first {message.kept:,} of {message.total:,} characters"
    kept = counted(message.kept, "character")
    return f"The end of the paste did not arrive: kept {kept}; input up to a short pause is ignored"
