"""Forced resync: the source, the keys, and in plain words what that will overwrite."""

from collections.abc import Mapping, Sequence

from tui.domain.changes import ForceResync
from tui.domain.engine import Connection
from tui.domain.resync import KeyInputError, parse_keys
from tui.ops.drafts import DraftKey
from tui.ops.plans_superoffice import resync
from tui.ops.proposal import Proposal
from tui.ops.target import Thing
from tui.store.snapshot import Snapshot
from tui.ui.desk import Desk
from tui.ui.forms.fields import Field, TextField
from tui.ui.forms.form import FormDialog

_KEYS_NOTE = "ErpInternalKey ids, not company ids: 670, 47, 100-120. Empty means everything."


class ResyncForm(FormDialog):
    """The form of `engine.force-resync`; `connections` are the known ones, None if they are not."""

    def __init__(
        self,
        desk: Desk,
        connections: Sequence[Connection] | None,
        chosen: int | None,
        rests_on: Snapshot[object],
    ) -> None:
        key = DraftKey("engine.force-resync", "" if chosen is None else str(chosen))
        super().__init__("Forced resync", desk, draft_key=key)
        self._connections = connections
        self._chosen = chosen
        self._rests_on = rests_on

    def fields(self) -> Sequence[Field]:
        """Source and keys."""
        return (
            TextField(
                "ErpConnectionId",
                "Source",
                "" if self._chosen is None else str(self._chosen),
                note=self._sources(),
                placeholder="0 for CRM, or a connection's number",
                required=True,
                check=self._wrong_source,
                check_first=True,
            ),
            TextField(
                "InternalKeyIds", "Keys", placeholder="everything", note=_KEYS_NOTE, check=_wrong_keys
            ),
        )

    def adopt(self, thing: Thing, rests_on: Snapshot[object]) -> bool:
        """Go on from the connection as it is now."""
        if not isinstance(thing, Connection):
            return False
        others = (one for one in self._connections or () if one.id != thing.id)
        self._connections = tuple(sorted((*others, thing), key=lambda one: one.id))
        self._rests_on = rests_on
        return True

    def _sources(self) -> str:
        if self._connections is None:
            return "0 CRM · the connections are not known at the moment"
        listed = (
            f"{c.id} {c.name}{'' if c.active else ' (inactive)'}"
            for c in self._connections
            if not c.deleted
        )
        return " · ".join(("0 CRM", *listed))

    def edited(self, field: Field) -> None:
        """Count the keys while they are typed."""
        super().edited(field)
        if field.name != "InternalKeyIds":
            return
        try:
            count = len(parse_keys(field.text))
        except KeyInputError as error:
            field.show_note("")
            field.show_error(str(error))
            return
        counted = f"{count} {'key' if count == 1 else 'keys'}, ErpInternalKey ids"
        field.show_note(counted if count else _KEYS_NOTE)

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | str:
        """The call, with its reach in words."""
        source = int(fields["ErpConnectionId"].text)
        keys = parse_keys(fields["InternalKeyIds"].text)
        return resync(ForceResync(source, keys), self._connections, self._rests_on)

    def _wrong_source(self, text: str) -> str | None:
        if not (text.isascii() and text.isdecimal() and int(text) <= 2_147_483_647):
            return f"{text!r} is no source: write 0 for CRM, or a connection's number"
        known = {0, *(connection.id for connection in self._connections or ())}
        if self._connections is not None and int(text) not in known:
            listed = ", ".join(str(number) for number in sorted(known) if number > 0)
            return f"connection {text} is not in the list: write 0 for CRM, or one of {listed}"
        return None


def _wrong_keys(text: str) -> str | None:
    try:
        parse_keys(text)
    except KeyInputError as error:
        return str(error)
    return None
