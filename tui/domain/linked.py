"""Whether a CRM record is linked to the ERP, per connection. Source: superoffice-erpsync §5, §6."""

from dataclasses import dataclass
from enum import StrEnum


class CrmActor(StrEnum):
    """CrmActorType, of which two can be asked for here (§7)."""

    CONTACT = "Contact"
    """A company."""
    PERSON = "Person"


@dataclass(frozen=True, slots=True)
class LinkedConnection:
    """ErpConnectionData: one connection's word on the record."""

    connection_id: int | None
    name: str = ""
    connected: bool | None = None
    """None: it was not said."""
    erp_actor: str = ""
    """ErpActorType, as what it is linked."""
    fields: tuple[str, ...] = ()
    """The names of the ERP fields that are shown; their values are not in the answer."""
    problem: str | None = None
