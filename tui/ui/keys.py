"""Bindings read from the operation table: one declaration, every face of it."""

from textual.binding import Binding

from tui.ops.registry import OPERATIONS

_TEXTUAL = {"/": "slash", "?": "question_mark", "esc": "escape"}


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
