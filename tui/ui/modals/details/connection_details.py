"""Details of a connection; `x` opens its configuration fields, whose values are never among them."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.ui.modals.details.details import Details, DetailsDialog


class ConnectionDetailsDialog(DetailsDialog):
    """Details with a key that opens the fields."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "fields", "fields")]

    def __init__(
        self,
        title: str,
        read: Callable[[], Details | None],
        copy: Callable[[str, str], None],
        open_fields: Callable[[], None],
    ) -> None:
        super().__init__(title, read, copy)
        self._open_fields = open_fields

    def action_fields(self) -> None:
        self._open_fields()
