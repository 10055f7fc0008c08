"""Reads from the journals what is in maintenance. Blocking; sends nothing."""

from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.records import Maintenance
from tui.domain.profile import ProfileFacts
from tui.ops.maintenance.journals import Journals, journals_of
from tui.paths import reason_of


def covered_of(profile: str, facts: ProfileFacts | None = None) -> Covered:
    """By the journals of the user that runs this; see `covered_in`."""
    return covered_in(journals_of(profile), facts)


def covered_in(journals: Journals, facts: ProfileFacts | None) -> Covered:
    """`facts`: with what other profiles have open on the same servers; None: of its own alone."""
    others = () if facts is None else others_of(journals, facts)
    try:
        known = journals.read()
    except OSError as failure:
        return Covered(others, (f"the journals cannot be read: {reason_of(failure)}",))
    return Covered((*known.open, *others), known.troubles)


def others_of(journals: Journals | None, facts: ProfileFacts) -> tuple[Maintenance, ...]:
    """What other profiles of this user have open on the servers of this one."""
    addresses = [(system.value, address) for system, address in facts.addresses]
    return () if journals is None else journals.on_same_servers(addresses)
