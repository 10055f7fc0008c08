"""Binds an attempt, a change or a draft to the system at one address."""

from tui.domain.profile import ProfileFacts, System
from tui.ops.operations.registry import OPERATIONS


def system_of(operation: str) -> System | None:
    """The system that an operation writes to; None if this version does not know the id."""
    known = OPERATIONS.get(operation)
    return known.scope.system if known else None


def elsewhere(operation: str, address: str, facts: ProfileFacts) -> str:
    """Why a record from `address` does not belong to the profile's current system; empty if it does."""
    now = facts.address_of(system_of(operation))
    if address == now:
        return ""
    if not address:
        return "its record does not say which server it was sent to"
    return f"it was sent to {address}; this profile now uses {now or 'no such system'}"
