"""The open maintenances of other profiles of this user that are on the same servers."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.domain.maintenance.records import Maintenance
from tui.domain.profile import ProfileFacts
from tui.ops.maintenance.states import SYSTEM_OF

if TYPE_CHECKING:
    from tui.ops.maintenance.journals import Journals


def others_of(journals: "Journals | None", facts: ProfileFacts) -> tuple[Maintenance, ...]:
    """What is open on the servers of this profile, by another one."""
    return on_same_servers(journals, [(system.value, address) for system, address in facts.addresses])


def on_same_servers(
    journals: "Journals | None", addresses: Collection[tuple[str, str]]
) -> tuple[Maintenance, ...]:
    """Named with their profile, each with its targets on one of these `addresses` of systems.

    A journal that cannot be read is named where its own profile is checked.
    """
    found = []
    for other in journals.beside() if journals is not None else ():
        try:
            known = other.read().open
        except OSError:
            continue
        found += [_here(one, addresses) for one in known]
    return tuple(one for one in found if one.targets)


def _here(one: Maintenance, addresses: Collection[tuple[str, str]]) -> Maintenance:
    same = {system for system, address in one.addresses if address and (system, address) in addresses}
    targets = tuple(target for target in one.targets if SYSTEM_OF[target.kind].value in same)
    return replace(one, name=f"{one.name} of profile {one.profile}", targets=targets)
