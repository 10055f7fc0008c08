"""What one call of an operation comes to, as a test reads it."""

from datetime import datetime

from tui.ops.operations.operation import Operation
from tui.ops.proposals.proposal import Proposal
from tui.ops.targets.operand import Target
from tui.ops.text_commands.parameter_values import Wrong
from tui.ops.text_commands.proposal_from_text import Problems, Unchanged, propose_calls
from tui.ops.text_commands.setting import Given
from tui.store.store import Store


def propose(
    operation: Operation, target: Target, given: Given, store: Store, now: datetime
) -> Proposal | Unchanged | Problems:
    """The one proposal, that the target has it already, or all that is wrong."""
    try:
        calls = propose_calls(operation, target, given, store, now)
    except Wrong as problem:
        return problem.sentences
    if isinstance(calls, Unchanged):
        return calls
    (call,) = calls
    return call
