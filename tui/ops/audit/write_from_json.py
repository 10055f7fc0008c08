"""Restores a command from its record in the audit trail, if that is complete.

Invariant: the result is exactly the command that was sent, or None. A manifest is recorded only by its
hash, a possible secret not at all, and a cleaned text differs from the one that was sent.
"""

from collections.abc import Mapping, Sequence

from tui.domain.text import Altered
from tui.domain.writes import Write
from tui.ops.audit.json_values import Sent
from tui.ops.operations.kinds import kind_for


def write_of(operation: str, targets: Sequence[str], sent: Sent) -> Write | None:
    """The command that `operation` sent to its target, or None."""
    kind = kind_for(operation)
    if kind is None or len(targets) != 1 or _is_altered((*targets, sent)):
        return None
    try:
        return kind.from_json(operation, targets[0], sent)
    except (KeyError, TypeError, ValueError):
        return None


def _is_altered(value: object) -> bool:
    if isinstance(value, str):
        return isinstance(value, Altered)
    if isinstance(value, Mapping):
        return any(map(_is_altered, (*value.keys(), *value.values())))
    return isinstance(value, Sequence) and any(map(_is_altered, value))
