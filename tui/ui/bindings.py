"""Bindings read from the operation table: declared once, shown everywhere."""

from textual.binding import Binding, BindingType

from tui.ops.operations.operation import Scope
from tui.ops.operations.registry import OPERATIONS, Operation

_TEXTUAL = {
    "/": "slash",
    "?": "question_mark",
    "esc": "escape",
    ":": "colon",
    "*": "asterisk",
    "-": "minus",
    # German keyboards have no brackets without AltGr.
    "[": "left_square_bracket,comma",
    "]": "right_square_bracket,full_stop",
    "{": "left_curly_bracket,less_than_sign",
    "}": "right_curly_bracket,greater_than_sign",
}


_EVERYWHERE = (
    "history.row",
    *(one.id for one in OPERATIONS.values() if one.scope is Scope.APP),
    "why",
)
NEEDS_CORE = frozenset(
    {
        *("unlock", "authorise", "refresh", "pause", "log.more", "connection.test"),
        *("connection.deleted", "engine.linked", "engine.batch-tasks", "why"),
    }
)
"""Operations that change nothing, and still need a connected profile."""
MARKS = ("mark", "mark.all", "mark.none")
"""Of lists whose operations also act on several rows."""
PAST = tuple(one.id for one in OPERATIONS.values() if one.scope is Scope.PAST)
"""Only while looking back, and in the history."""
_CLEAR = Binding("escape", "clear", "Clear", show=False)


def operation_of(action: str) -> Operation | None:
    return OPERATIONS.get(action.removeprefix("operation('").removesuffix("')"))


def screen_bindings(*operation_ids: str) -> list[BindingType]:
    """The bindings of a full screen: its own in this order, those of every screen, those of the past."""
    return [*bindings_for(*operation_ids, *_EVERYWHERE, *PAST), _CLEAR]


def list_bindings(*operation_ids: str) -> list[BindingType]:
    """The bindings of a list screen: operations on the row stand between details and filter."""
    return screen_bindings(
        "details", *operation_ids, "filter", "copy", "sort", "sort.reverse", "history.row"
    )


def bindings_for(*operation_ids: str) -> list[Binding]:
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
