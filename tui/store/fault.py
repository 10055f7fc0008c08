"""A fault of ours while an answer was taken in: told like a failure of the server's, for one fault
must spoil no other answer."""

from tui.api.errors import BadAnswer
from tui.domain.systems import System


def not_taken(system: System, why: str, answer: str = "the answer") -> BadAnswer:
    """The error to be shown; `why` names the fault, `answer` what was asked for."""
    return BadAnswer(
        system=system,
        sentence=f"{answer} could not be taken ({why})",
        next_step="press r to ask again; report it if it stays",
    )
