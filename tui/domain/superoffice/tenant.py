"""The Online tenant behind a customer id: where it lives, and whether it runs. Pure.

Source: superoffice PROTOCOL §9, §16. Only the state service decides whether it runs, never a failed
call; a tenant on site has no such state.
"""

import re
from datetime import datetime

from tui.frozen import frozen

RUNNING, ONLINE_MAINTENANCE = "Running", "OnlineMaintenance"
STATES = {
    0: "Unknown", 1: "Provisioning", 2: RUNNING, 3: "Deleted", 4: "Suspended", 5: ONLINE_MAINTENANCE,
    6: "OfflineMaintenance", 8: "ProvisioningFailed", 10: "Deleting", 11: "DeleteFailed",
    12: "MigrationPending",
}  # fmt: skip
"""Number → name, in the state service's spelling."""

LEAST_WAIT = 60.0
"""Seconds between two requests to the state service, even if its response is valid for less."""
LONGEST_WAIT = 3_600.0
LONGEST_WAIT_WHILE_NOTABLE = 300.0
"""The same while an operator should see the state: it does not run, or is being maintained."""

_WORDS = {
    "Unknown": "unknown to the state service",
    "Provisioning": "being provisioned",
    RUNNING: "running",
    "Deleted": "deleted",
    "Suspended": "suspended",
    ONLINE_MAINTENANCE: "online maintenance",
    "OfflineMaintenance": "offline maintenance",
    "ProvisioningFailed": "provisioning failed",
    "Deleting": "being deleted",
    "DeleteFailed": "delete failed",
    "MigrationPending": "first migration not finished",
}
_NUMBER = re.compile(r"[-+]?[0-9.]+")
_APIS_OFF = ("Suspended", "OfflineMaintenance")
_WRONG_ONE = "Check customer_id and environment; else contact SuperOffice"
_STEPS = {
    "Suspended": "The tenant is being terminated: contact SuperOffice",
    "OfflineMaintenance": "Wait for the maintenance to end; it usually takes minutes",
    "MigrationPending": "Wait: the first move of a customer to Online can take days or weeks",
    "Provisioning": "Wait until it is ready",
    "Unknown": "It may be an incident: contact SuperOffice; also check customer_id and environment",
    "Deleted": _WRONG_ONE,
}


@frozen
class Tenant:
    """A response of the state service."""

    id: str
    """The customer id, such as `Cust12345`."""
    state: str
    """In the service's spelling; one of `STATES`, or an undocumented name or number."""
    running: bool
    root: str
    """The tenant's address, without `/api`; may be empty if it does not run."""
    asked_at: datetime
    """UTC, by our own clock."""
    valid_for: float | None = None
    """Seconds for which the response is valid; None: not stated."""
    trouble: str = ""
    """Why the state could not be requested again when due; the rest is then older."""

    @property
    def word(self) -> str:
        """The state in one or two words."""
        named = f"state {self.state}" if _NUMBER.fullmatch(self.state) else self.state
        return _WORDS.get(self.state, named)

    @property
    def is_notable(self) -> bool:
        """Whether an operator should see the state."""
        return not self.running or self.state != RUNNING

    @property
    def seen(self) -> str:
        """When this was the state: `state of 10:02:11 UTC`."""
        return f"state of {self.asked_at:%H:%M:%S} UTC"


def why_not(tenant: Tenant) -> str:
    """One sentence on a tenant that does not run, the state first: a header has little room."""
    if tenant.state in _APIS_OFF:
        return f"{tenant.word}: the APIs of tenant {tenant.id} are off ({tenant.seen})"
    if tenant.state in (RUNNING, ONLINE_MAINTENANCE):
        called = f"is in state {tenant.state}, but reported as not running"
        return f"doubtful: tenant {tenant.id} {called} ({tenant.seen})"
    return f"{tenant.word}: tenant {tenant.id} does not run ({tenant.seen})"


def next_step(tenant: Tenant) -> str:
    """What to do about a tenant that does not run, and when its state is requested again."""
    step = _STEPS.get(tenant.state, "Contact SuperOffice")
    return f"{step}; checked again every {wait(tenant):.0f}s, r checks now"


def remark(tenant: Tenant | None) -> str:
    """What an operator should know of a tenant that serves; empty: nothing."""
    if tenant is None or not tenant.running:
        return ""
    if tenant.trouble:
        return f"{tenant.trouble}; the last known state of tenant {tenant.id} is the {tenant.seen}"
    if tenant.is_notable:
        return f"{tenant.word}: tenant {tenant.id} still serves ({tenant.seen})"
    return ""


def wait(tenant: Tenant) -> float:
    """Seconds until its state is requested again: its validity, within limits."""
    most = LONGEST_WAIT_WHILE_NOTABLE if tenant.is_notable else LONGEST_WAIT
    valid = LONGEST_WAIT_WHILE_NOTABLE if tenant.valid_for is None else tenant.valid_for
    return min(max(valid, LEAST_WAIT), most)
