"""Reads from the journals what is in maintenance, for those who watch. Blocking; sends nothing."""

from tui.domain.maintenance.coverage import Covered
from tui.ops.maintenance.journals import Journals, journals_of
from tui.paths import reason_of


def covered_of(profile: str) -> Covered:
    """By the journals of the user that runs this."""
    return covered_in(journals_of(profile))


def covered_in(journals: Journals) -> Covered:
    try:
        known = journals.read()
    except OSError as failure:
        return Covered(troubles=(f"the journals cannot be read: {reason_of(failure)}",))
    return Covered(known.open, known.troubles)
