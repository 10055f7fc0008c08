"""How proposals of one operation are confirmed together."""

from collections.abc import Sequence

from tui.domain.profile import Environment
from tui.ops.operations.kinds import kind_of
from tui.ops.operations.operation import Danger, grade
from tui.ops.proposals.proposal import Proposal


def grade_of(proposals: Sequence[Proposal], environment: Environment) -> Danger:
    """The highest grade of the proposals, given their number."""
    return max(grade(_danger(one), environment, len(proposals)) for one in proposals)


def _danger(one: Proposal) -> Danger:
    danger = kind_of(one.write).danger(one.write, one.operation)
    return max(danger, Danger.DISRUPTIVE) if one.maintenance else danger
