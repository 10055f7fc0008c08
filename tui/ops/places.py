"""Where an attempt, a change or a draft belongs: to the system at one address, and to no other. Pure."""

from tui.domain.systems import ProfileFacts, System
from tui.ops.registry import OPERATIONS


def system_of(operation: str) -> System | None:
    """The system that an operation of that id writes to; None where this version does not know it."""
    known = OPERATIONS.get(operation)
    return known.scope.system if known else None


def elsewhere(operation: str, address: str, facts: ProfileFacts) -> str:
    """Why what was done at `address` does not concern the profile as it is now; empty: it does."""
    now = facts.address_of(system_of(operation))
    if address == now:
        return ""
    if not address:
        return "its record does not say which server it was sent to"
    return f"it was sent to {address}; this profile uses {now or 'no such system'} now"
