"""The response to a sync or a forced resync.

Source: superoffice PROTOCOL §5, §6. `IsOk` is documented as Status ≠ Error; if they disagree, or the
status is undocumented, the response is doubtful and shown as such.
"""

from tui.domain.text import counted, one_line
from tui.frozen import frozen

STATUSES = ("Ok", "OkWithInfo", "Warning", "Error")
"""PluginResponseStatus, in the order of its numbers."""


@frozen
class RecordRef:
    """One record that a sync call reports as changed."""

    change: str
    """`added`, `updated` or `deleted`."""
    table: str
    record_id: int | None


@frozen
class PluginAnswer:
    """PluginResponse (§6)."""

    is_ok: bool | None
    status: str
    """`Ok`, `OkWithInfo`, `Warning`, `Error`, or the server's text; `Warn` reads as `Warning`."""
    explanation: str = ""
    """UserExplanation: localised, shown."""
    technical: str = ""
    """TechExplanation: may contain a stack trace, folded away."""
    error_code: str = ""
    changes: tuple[RecordRef, ...] | None = None
    """None: the changed records were not reported."""
    unreadable: int = 0
    """Entries among the changes that could not be read."""

    @property
    def doubtful(self) -> str | None:
        """Why the response contradicts itself or is undocumented, or None."""
        if self.is_ok is None and not self.status:
            return "it has neither IsOk nor Status"
        if self.status and self.status not in STATUSES:
            return f"Status is {one_line(self.status)}, which is not documented"
        if self.is_ok is None or not self.status:
            return None
        if self.is_ok == (self.status == "Error"):
            return f"IsOk is {str(self.is_ok).lower()} but Status is {self.status}"
        return None

    @property
    def word(self) -> str:
        """The result in words; a contradiction is doubtful."""
        if self.ok is None:
            return "doubtful"
        if not self.ok:
            return "failed"
        return {"OkWithInfo": "succeeded, with information", "Warning": "succeeded, with a warning"}.get(
            self.status, "succeeded"
        )

    @property
    def changed(self) -> str:
        """How many records changed, as far as reported and readable."""
        count = len(self.changes or ())
        text = f"{counted(count, 'record')} changed"
        if self.changes is None:
            text = "the changes were not reported"
        elif self.unreadable and not count:
            text = "the changes cannot be read"
        elif self.unreadable:
            text = f"at least {text}"
        return f"{text}, {self.unreadable:,} cannot be read" if self.unreadable and count else text

    @property
    def ok(self) -> bool | None:
        """Whether it succeeded; None if the response is doubtful."""
        if self.doubtful:
            return None
        return self.is_ok if self.is_ok is not None else self.status != "Error"
