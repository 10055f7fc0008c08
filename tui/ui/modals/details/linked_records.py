"""Is a company or a person linked to the ERP? Requested by its CRM id, reported per connection."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.domain.superoffice.linked_records import CrmActor, LinkedConnection
from tui.session.session import Session
from tui.ui.modals.query_dialog import AskingDialog
from tui.ui.widgets.fact_list import Fact, Facts
from tui.ui.widgets.form_fields import ChoiceField, TextField

_LARGEST = 2_147_483_647
_NO_KEY = "This call does not return the ErpInternalKey id that a resync needs as its key."


class LinkedDialog(AskingDialog):
    """Calls GetConnectionsAndDisplayFields, which changes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask", "ask", priority=True),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__("Is it linked?", session)

    def compose_body(self) -> ComposeResult:
        yield ChoiceField(
            "CrmActorType", "Record", [one.value for one in CrmActor], note="a Contact is a company"
        )
        yield TextField("EntityId", "Its CRM id", note="such as 753; enter sends the request")
        yield Facts((("", _NO_KEY),))

    def on_mount(self) -> None:
        self.query_one(TextField).focus_control()

    @on(Input.Changed)
    def _edited(self) -> None:
        self.query_one(TextField).show_error("")

    def action_ask(self) -> None:
        field = self.query_one(TextField)
        text = field.text.strip()
        if not (text.isascii() and text.isdecimal() and 0 < int(text[:11]) <= _LARGEST):
            field.show_error(f"{text!r} is not an id: write a number from 1" if text else "write the id")
            field.focus_control()
            return
        self._ask(CrmActor(self.query_one(ChoiceField).text), int(text))

    @work(group="linked", exclusive=True, exit_on_error=False)
    async def _ask(self, actor: CrmActor, entity_id: int) -> None:
        found = await self.answer_to(lambda service: service.superoffice.linked(actor, entity_id))
        if found is None:
            return
        at = f"{self._session.clock():%H:%M:%S} UTC"
        self.query_one(Facts).show((*linked_facts(actor, entity_id, found, at), ("", ""), ("", _NO_KEY)))
        self._fit_body()
        self.call_after_refresh(self.query_one(Facts).scroll_visible, animate=False, top=True)


def linked_facts(
    actor: CrmActor, entity_id: int, found: Sequence[LinkedConnection], at: str
) -> Iterator[Fact]:
    """The state on each connection, with the names of its ERP fields; `at`: when the response came."""
    yield f"{actor.value} {entity_id}, response at {at}", ""
    if not found:
        yield "", "the server lists no connection for it"
    for one in found:
        number = "?" if one.connection_id is None else str(one.connection_id)
        if one.problem is not None:
            yield f"? {number}", f"row unreadable: {one.problem}"
            continue
        word = {True: "✔ linked", False: "○ not linked", None: "? not reported"}[one.connected]
        of_type = f" as {one.erp_actor}" if one.connected and one.erp_actor else ""
        yield word, f"{one.name or 'unnamed'} (connection {number}){of_type}"
        if one.fields:
            yield "", f"ERP fields: {', '.join(one.fields)}"
