"""Forced resync: keys as people type them, and the answer as the server gives it.

Source: superoffice-erpsync §5, §6. `IsOk` is documented as Status ≠ Error; where they disagree,
the answer is doubtful and shown as such.
"""

from dataclasses import dataclass, field

from tui.domain.text import cited
from tui.domain.workers import Raw

MOST_KEYS = 1_000
"""Keys in one call."""


class KeyInputError(ValueError):
    """A key list that cannot be taken; the message names the part and what would be right."""


def parse_keys(text: str) -> tuple[int, ...]:
    """Read `670, 47, 100-120` (commas or white space): expanded, de-duplicated, in given order.

    Empty text gives no keys, which means everything.

    Raises:
        KeyInputError: naming the part that is no key or range, or that there are too many.
    """
    keys: dict[int, None] = {}
    for part in text.replace(",", " ").split():
        first, last = _range(part)
        if last - first >= MOST_KEYS or len(keys.keys() | set(range(first, last + 1))) > MOST_KEYS:
            raise KeyInputError(f"{part} makes more than {MOST_KEYS} keys: send them in several calls")
        keys.update(dict.fromkeys(range(first, last + 1)))
    return tuple(keys)


def _range(part: str) -> tuple[int, int]:
    first, dash, last = part.partition("-")
    ends = (first, last if dash else first)
    if not all(end.isascii() and end.isdecimal() and len(end) < 11 for end in ends):
        raise KeyInputError(
            f"{cited(part)} is no key: write numbers and ranges such as 670, 47, 100-120"
        )
    low, high = int(ends[0]), int(ends[1])
    if low < 1 or high > 2_147_483_647:
        raise KeyInputError(f"{part}: keys are numbers from 1 to 2147483647")
    if high < low:
        raise KeyInputError(f"{part} runs backwards: write {high}-{low}")
    return low, high


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
    changes: tuple[RecordRef, ...] = ()
    raw: Raw = field(default_factory=dict, repr=False, hash=False)

    @property
    def doubtful(self) -> str | None:
        """Why the answer contradicts itself or says nothing, or None."""
        if self.is_ok is None and not self.status:
            return "it says neither IsOk nor Status"
        if self.is_ok is None or not self.status:
            return None
        if self.is_ok == (self.status == "Error"):
            return f"IsOk is {str(self.is_ok).lower()} but Status is {self.status}"
        return None

    @property
    def ok(self) -> bool | None:
        """Whether it went well; None where the answer is doubtful."""
        if self.doubtful:
            return None
        return self.is_ok if self.is_ok is not None else self.status != "Error"
