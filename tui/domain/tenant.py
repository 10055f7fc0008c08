"""The Online tenant behind a customer id: where it lives, and whether it runs. Pure.

Source: superoffice-erpsync §9, §16. Whether it runs is what the state service says, never derived from a
failure; a tenant on site has no such state.
"""

import re
from dataclasses import dataclass
from datetime import datetime

RUNNING, ONLINE_MAINTENANCE = "Running", "OnlineMaintenance"
STATES = {
    0: "Unknown", 1: "Provisioning", 2: RUNNING, 3: "Deleted", 4: "Suspended", 5: ONLINE_MAINTENANCE,
    6: "OfflineMaintenance", 8: "ProvisioningFailed", 10: "Deleting", 11: "DeleteFailed",
    12: "MigrationPending",
}  # fmt: skip
"""Number → name, as the state service writes it."""

LEAST_WAIT = 60.0
"""Seconds between two asks of the state service, however short its answer says that it is valid."""
LONGEST_WAIT = 3_600.0
LONGEST_WAIT_WHILE_TOLD = 300.0
"""The same while there is something to tell of it: that it does not run, or is being maintained."""

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
_WRONG_ONE = "Check customer_id and environment; else ask SuperOffice"
_STEPS = {
    "Suspended": "The tenant is in termination: ask SuperOffice",
    "OfflineMaintenance": "Wait for the maintenance to end, it usually takes minutes",
    "MigrationPending": "Wait: the first move of a customer to Online can take days or weeks",
    "Provisioning": "Wait until it is ready",
    "Unknown": "It may be an incident: ask SuperOffice; also check customer_id and environment",
    "Deleted": _WRONG_ONE,
}


@dataclass(frozen=True, slots=True)
class Tenant:
    """One answer of the state service."""

    id: str
    """The customer id, such as `Cust12345`."""
    state: str
    """As the service names it; one of `STATES`, or a name or number that nobody documented."""
    running: bool
    root: str
    """The tenant's address, without `/api`; may be empty where it does not run."""
    asked_at: datetime
    """UTC, by our own clock."""
    valid_for: float | None = None
    """Seconds for which the answer called itself valid; None: it did not say."""
    trouble: str = ""
    """Why the state could not be asked again when that was due; the rest is then older."""

    @property
    def word(self) -> str:
        """The state in one or two words."""
        named = f"state {self.state}" if _NUMBER.fullmatch(self.state) else self.state
        return _WORDS.get(self.state, named)

    @property
    def told(self) -> bool:
        """Whether an operator should hear of the state."""
        return not self.running or self.state != RUNNING

    @property
    def seen(self) -> str:
        """When this was the state: `state of 10:02:11 UTC`."""
        return f"state of {self.asked_at:%H:%M:%S} UTC"


def why_not(tenant: Tenant) -> str:
    """One sentence on a tenant that does not run, the state first: a header has room for little more."""
    if tenant.state in _APIS_OFF:
        return f"{tenant.word}: the APIs of tenant {tenant.id} are off ({tenant.seen})"
    if tenant.state in (RUNNING, ONLINE_MAINTENANCE):
        called = f"is called {tenant.state}, and said not to run"
        return f"doubtful: tenant {tenant.id} {called} ({tenant.seen})"
    return f"{tenant.word}: tenant {tenant.id} does not run ({tenant.seen})"


def next_step(tenant: Tenant) -> str:
    """What to do about a tenant that does not run, and when it is asked again by itself."""
    step = _STEPS.get(tenant.state, "Ask SuperOffice")
    return f"{step}; it is asked again every {wait(tenant):.0f}s, r asks at once"


def remark(tenant: Tenant | None) -> str:
    """What an operator should know of a tenant that serves; empty where there is nothing."""
    if tenant is None or not tenant.running:
        return ""
    if tenant.trouble:
        return f"{tenant.trouble}; what is known of tenant {tenant.id} is its {tenant.seen}"
    if tenant.told:
        return f"{tenant.word}: tenant {tenant.id} still serves ({tenant.seen})"
    return ""


def wait(tenant: Tenant) -> float:
    """Seconds until its state is asked again: as long as it is valid, within reason."""
    most = LONGEST_WAIT_WHILE_TOLD if tenant.told else LONGEST_WAIT
    valid = LONGEST_WAIT_WHILE_TOLD if tenant.valid_for is None else tenant.valid_for
    return min(max(valid, LEAST_WAIT), most)
