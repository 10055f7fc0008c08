"""The answer to a sync or a forced resync, as the server gives it.

Source: superoffice-erpsync §5, §6. `IsOk` is documented as Status ≠ Error; where they disagree,
or the status is not a documented one, the answer is doubtful and shown as such.
"""

from dataclasses import dataclass, field

from tui.domain.text import one_line
from tui.domain.workers import Raw

STATUSES = ("Ok", "OkWithInfo", "Warning", "Error")
"""PluginResponseStatus, in the order of its numbers."""


@dataclass(frozen=True, slots=True)
class RecordRef:
    """One record that a sync call says it touched."""

    change: str
    """`added`, `updated` or `deleted`."""
    table: str
    record_id: int | None


@dataclass(frozen=True, slots=True)
class PluginAnswer:
    """PluginResponse (§6)."""

    is_ok: bool | None
    status: str
    """`Ok`, `OkWithInfo`, `Warning`, `Error`, or what came; `Warn` reads as `Warning`."""
    explanation: str = ""
    """UserExplanation: localised, shown."""
    technical: str = ""
    """TechExplanation: may hold a stack trace, folded away."""
    error_code: str = ""
    changes: tuple[RecordRef, ...] | None = None
    """None: which records changed was not told."""
    unreadable: int = 0
    """Entries among the changes that could not be read."""
    raw: Raw = field(default_factory=dict, repr=False, hash=False)

    @property
    def doubtful(self) -> str | None:
        """Why the answer contradicts itself or says nothing that is known, or None."""
        if self.is_ok is None and not self.status:
            return "it says neither IsOk nor Status"
        if self.status and self.status not in STATUSES:
            return f"Status is {one_line(self.status)}, which is not documented"
        if self.is_ok is None or not self.status:
            return None
        if self.is_ok == (self.status == "Error"):
            return f"IsOk is {str(self.is_ok).lower()} but Status is {self.status}"
        return None

    @property
    def word(self) -> str:
        """How it went, in words; a contradiction is doubtful."""
        if self.ok is None:
            return "doubtful"
        if not self.ok:
            return "failed"
        return {"OkWithInfo": "went well, with information", "Warning": "went well, with a warning"}.get(
            self.status, "went well"
        )

    @property
    def changed(self) -> str:
        """How many records changed, as far as it was told and could be read."""
        count = len(self.changes or ())
        said = f"{count:,} record{'' if count == 1 else 's'} changed"
        if self.changes is None:
            said = "what changed was not told"
        elif self.unreadable and not count:
            said = "what changed cannot be read"
        elif self.unreadable:
            said = f"at least {said}"
        return f"{said}, {self.unreadable:,} cannot be read" if self.unreadable and count else said

    @property
    def ok(self) -> bool | None:
        """Whether it went well; None where the answer is doubtful."""
        if self.doubtful:
            return None
        return self.is_ok if self.is_ok is not None else self.status != "Error"
