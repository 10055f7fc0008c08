"""The open maintenances of other profiles of this user that are on the same servers."""

from tui.domain.maintenance.records import Maintenance
from tui.domain.profile import ProfileFacts
from tui.ops.maintenance.journals import Journals


def others_of(journals: Journals | None, facts: ProfileFacts) -> tuple[Maintenance, ...]:
    """What is open on the servers of this profile, by another one."""
    addresses = [(system.value, address) for system, address in facts.addresses]
    return () if journals is None else journals.on_same_servers(addresses)
