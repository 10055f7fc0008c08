"""Bindings read from the operation table: declared once, shown everywhere."""

from textual.binding import Binding, BindingType

from tui.ops.operations.registry import OPERATIONS

_TEXTUAL = {
    "/": "slash",
    "?": "question_mark",
    "esc": "escape",
    ":": "colon",
    "*": "asterisk",
    "-": "minus",
}


_EVERYWHERE = (
    "screen.workers",
    "screen.extensions",
    "screen.engine",
    "screen.connections",
    "screen.activity",
    "screen.log",
    "profile",
    "unlock",
    "authorise",
    "undo",
    "command",
    "palette",
    "refresh",
    "pause",
    "help",
    "quit",
)
MARKS = ("mark", "mark.all", "mark.none")
"""Of lists whose operations also act on several rows."""
_CLEAR = Binding("escape", "clear", "Clear", show=False)


def screen_bindings(*operation_ids: str) -> list[BindingType]:
    """The bindings of a full screen: its own in this order, then those of every screen."""
    return [*bindings_for(*operation_ids, *_EVERYWHERE), _CLEAR]


def list_bindings(*operation_ids: str) -> list[BindingType]:
    """The bindings of a list screen: operations on the row stand between details and filter."""
    return screen_bindings("details", *operation_ids, "filter", "copy", "sort", "sort.reverse")


def bindings_for(*operation_ids: str) -> list[Binding]:
    """One binding per operation, in this order."""
    return [
        Binding(
            _TEXTUAL.get(operation.key, operation.key),
            f"operation('{operation.id}')",
            operation.short,
            show=operation.on_bar,
            key_display=operation.key,
        )
        for operation in map(OPERATIONS.__getitem__, operation_ids)
    ]
