"""Whether a CRM record is linked to the ERP, per connection. Source: superoffice PROTOCOL §5, §6."""

from enum import StrEnum

from tui.frozen import frozen


class CrmActor(StrEnum):
    """CrmActorType; only these two can be requested here (§7)."""

    CONTACT = "Contact"
    """A company."""
    PERSON = "Person"


@frozen
class LinkedConnection:
    """ErpConnectionData: one connection's report on the record."""

    connection_id: int | None
    name: str = ""
    connected: bool | None = None
    """None: not reported."""
    erp_actor: str = ""
    """ErpActorType that it is linked as."""
    fields: tuple[str, ...] = ()
    """The names of the displayed ERP fields; the response has no values of them."""
    problem: str | None = None
