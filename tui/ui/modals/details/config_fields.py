"""The configuration fields of one connection: the names always, one value at a time on a deliberate key.

Invariant: a value is on screen until the next key, at most 20 s, and nowhere else: it cannot be copied,
selected or captured in a screenshot, and it is deleted when it is hidden.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.api.errors import ErpError
from tui.domain.superoffice.connections import HIDDEN, Concealed, ConfigField
from tui.domain.text import one_line
from tui.presentation.columns import CONFIG_FIELDS
from tui.ui.modals.details.details import Details, DetailsDialog
from tui.ui.modals.list_dialog import ListDialog
from tui.ui.widgets.row_list import Cause, Row, RowList
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from textual.timer import Timer


class ConnectionDetailsDialog(DetailsDialog):
    """Details of a connection; `x` opens its fields, whose values are never among the details."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "fields", "fields")]

    def __init__(
        self, title: str, read: Callable[[], Details | None], open_fields: Callable[[], None]
    ) -> None:
        super().__init__(title, read)
        self._open_fields = open_fields

    def action_fields(self) -> None:
        self._open_fields()


SHOWN_FOR = 20.0
"""Seconds."""
_REVEAL = "X"


class ConfigFieldsDialog(ListDialog[None]):
    """The list of names; `X` requests the value under the cursor."""

    ALLOW_SELECT = False
    COLUMNS = CONFIG_FIELDS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(_REVEAL, "reveal", "show the value"),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(
        self,
        title: str,
        read: Callable[[], Sequence[ConfigField]],
        ask: Callable[[], Awaitable[Mapping[str, Concealed]]],
    ) -> None:
        """`ask` reads the values from the server; they are not kept."""
        super().__init__(f"Configuration · {title}")
        self._read, self._ask = read, ask
        self._fields: dict[str, ConfigField] = {}
        self._wanted: str | None = None
        """The field whose value is shown or requested."""
        self._hiding: Timer | None = None

    def compose_tail(self) -> ComposeResult:
        yield TextLine(id="revealed", classes="-empty")

    def on_mount(self) -> None:
        self.rows.focus()
        self.follow()

    def follow(self) -> None:
        self._fields = {one.key: one for one in self._read()}
        self.rows.show(list(self._fields), self._row, Cause.REFRESH)
        if not self._fields:
            self.trouble("no fields received yet", "off")

    def _row(self, key: str) -> Row:
        one = self._fields[key]
        name = one_line(one.name)
        value = f"{HIDDEN}  {name}" if name and name != key else HIDDEN
        return Row(key, " ", "plain", (one_line(key), one_line(one.kind), value))

    @on(RowList.CursorMoved)
    def _moved(self) -> None:
        """On another row, by key or by mouse, the shown value does not belong to it."""
        self.conceal()

    def on_key(self, event: events.Key) -> None:
        """Every key hides a shown value."""
        if event.key != _REVEAL:
            self.conceal()

    def action_reveal(self) -> None:
        self.conceal()
        self.rows.reveal()
        self._wanted = self.rows.target
        if self._wanted is not None:
            self.trouble("asking…", "busy")
            self._fetch(self._wanted)

    @work(group="reveal", exclusive=True, exit_on_error=False)
    async def _fetch(self, key: str) -> None:
        try:
            value = (await self._ask()).get(key)
        except ErpError as error:
            if self._wanted == key:
                self.trouble(". ".join(filter(None, (error.sentence, error.next_step))))
            return
        if self._wanted == key:
            self._reveal(key, value)

    def _reveal(self, key: str, value: Concealed | None) -> None:
        if value is None:
            self.trouble(f"{key}: the connection has no value for it", "off")
            return
        text = value.reveal()
        self.query_one("#revealed", TextLine).show(f"{key}: {text}" if text else f"{key} is empty")
        self.trouble(f"hidden at the next key, or in {SHOWN_FOR:.0f} s; it is not copied", "warning")
        self._hiding = self.set_timer(SHOWN_FOR, self.conceal)

    def conceal(self) -> None:
        """Hide and delete the value, and cancel a request for it."""
        self._wanted = None
        if self._hiding is not None:
            self._hiding.stop()
            self._hiding = None
        self.query_one("#revealed", TextLine).show("")
        self.trouble("")
