"""Is a company or a person linked to the ERP? Asked for by its CRM id, answered per connection."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.domain.linked import CrmActor, LinkedConnection
from tui.ui.desk import Desk
from tui.ui.forms.fields import TextField
from tui.ui.forms.more_fields import ChoiceField
from tui.ui.modals.asking import AskingDialog
from tui.ui.widgets.facts import Fact, Facts

_LARGEST = 2_147_483_647
_NO_KEY = "This gives no ErpInternalKey id: what a resync wants as its keys is not told by this call."


class LinkedDialog(AskingDialog):
    """Asks GetConnectionsAndDisplayFields; nothing is changed by it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask", "ask", priority=True),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__("Is it linked?", desk)

    def compose_body(self) -> ComposeResult:
        """The record, then what is said of it."""
        yield ChoiceField(
            "CrmActorType", "Record", [one.value for one in CrmActor], note="a Contact is a company"
        )
        yield TextField("EntityId", "Its CRM id", note="such as 753; enter asks")
        yield Facts()

    def on_mount(self) -> None:
        """Start on the id."""
        self.query_one(Facts).show((("", _NO_KEY),))
        self.query_one(TextField).focus_control()

    @on(Input.Changed)
    def _edited(self) -> None:
        self.query_one(TextField).show_error("")

    def action_ask(self) -> None:
        """Ask, if there is a number to ask for."""
        field = self.query_one(TextField)
        text = field.text.strip()
        if not (text.isascii() and text.isdecimal() and 0 < int(text[:11]) <= _LARGEST):
            field.show_error(f"{text!r} is no id: write a number from 1" if text else "write the id")
            field.focus_control()
            return
        self._ask(CrmActor(self.query_one(ChoiceField).text), int(text))

    @work(group="linked", exclusive=True, exit_on_error=False)
    async def _ask(self, actor: CrmActor, entity_id: int) -> None:
        found = await self.answer_to(lambda service: service.linked(actor, entity_id))
        if found is None:
            return
        at = f"{self._desk.clock():%H:%M:%S} UTC"
        self.query_one(Facts).show((*linked_facts(actor, entity_id, found, at), ("", ""), ("", _NO_KEY)))
        self._fit_body()
        self.call_after_refresh(self.query_one(Facts).scroll_visible, animate=False, top=True)


def linked_facts(
    actor: CrmActor, entity_id: int, found: Sequence[LinkedConnection], at: str
) -> Iterator[Fact]:
    """What each connection says, with the names of its ERP fields; `at` is when it was answered."""
    yield f"{actor.value} {entity_id}, answered at {at}", ""
    if not found:
        yield "", "the server names no connection for it"
    for one in found:
        number = "?" if one.connection_id is None else str(one.connection_id)
        if one.problem is not None:
            yield f"? {number}", f"this row cannot be read: {one.problem}"
            continue
        word = {True: "✔ linked", False: "○ not linked", None: "? not told"}[one.connected]
        of_type = f" as {one.erp_actor}" if one.connected and one.erp_actor else ""
        yield word, f"{one.name or 'unnamed'} (connection {number}){of_type}"
        if one.fields:
            yield "", f"ERP fields: {', '.join(one.fields)}"
