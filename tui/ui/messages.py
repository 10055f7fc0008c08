"""Facts that travel inside the front end, in the past tense."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

if TYPE_CHECKING:
    from tui.ops.bulk import BulkRun
    from tui.ops.guard import Outcome
    from tui.ops.history import Entry
    from tui.ops.proposal import Proposal
    from tui.ops.trail import Finding
    from tui.ops.watch import WatchVerdict
    from tui.store.snapshot import Topic


class SnapshotChanged(Message):
    """The store has something new of a topic; a burst of one topic folds into its last."""

    def __init__(self, topic: "Topic") -> None:
        super().__init__()
        self.topic = topic

    def can_replace(self, message: Message) -> bool:
        """Whether this fact says all that the pending one says."""
        return isinstance(message, SnapshotChanged) and message.topic is self.topic


class OperationFinished(Message):
    """A write ended, one way or the other."""

    def __init__(self, proposal: "Proposal", outcome: "Outcome", profile: str) -> None:
        super().__init__()
        self.proposal = proposal
        self.outcome = outcome
        self.profile = profile
        """The profile that it was sent for; another one may be in front by now."""


class TrailRead(Message):
    """The audit trail was read anew, or could not be read."""

    def can_replace(self, message: Message) -> bool:
        """Whether this fact says all that the pending one says."""
        return isinstance(message, TrailRead)


class LookedBack(Message):
    """Targets of attempts without outcome were looked at, and tell what became of them."""

    def __init__(
        self,
        found: Sequence[tuple["Entry", "Finding"]],
        of: int,
        elsewhere: Sequence[tuple["Entry", str]] = (),
    ) -> None:
        super().__init__()
        self.found = tuple(found)
        self.of = of
        """How many there were; the others could not be looked at."""
        self.elsewhere = tuple(elsewhere)
        """Those that were sent to another server than the profile's, or do not say to which."""


class LineMeasured(Message):
    """The terminal gave its first answer."""

    def __init__(self, round_trip: float) -> None:
        """`round_trip`: seconds from the question."""
        super().__init__()
        self.round_trip = round_trip


class Pasted(events.Paste):
    """A paste as the terminal sent it."""

    def __init__(self, text: str, total: int, *, is_whole: bool) -> None:
        """`text`: what is kept of `total` characters; `is_whole`: whether its end came."""
        super().__init__(text)
        self.total = total
        self.is_whole = is_whole


Pasted.handler_name = events.Paste.handler_name


class PasteIncomplete(Message):
    """Not all of a paste was kept, or its end never came."""

    def __init__(self, kept: int, total: int, *, is_whole: bool) -> None:
        """`kept` and `total`: characters; `is_whole`: whether its end came."""
        super().__init__()
        self.kept = kept
        self.total = total
        self.is_whole = is_whole


class ControlWatched(Message):
    """The effect of a control action was seen, or its deadline passed."""

    def __init__(self, proposal: "Proposal", verdict: "WatchVerdict") -> None:
        super().__init__()
        self.proposal = proposal
        self.verdict = verdict


class BulkMoved(Message):
    """A bulk run has got on: a target ended, a status was seen, or all is over."""

    def __init__(self, run: "BulkRun") -> None:
        super().__init__()
        self.run = run

    def can_replace(self, message: Message) -> bool:
        """Whether this fact says all that the pending one says."""
        return isinstance(message, BulkMoved) and message.run is self.run


class BulkEnded(Message):
    """All of a bulk run has been answered, or all that was watched of it has been seen."""

    def __init__(self, run: "BulkRun", sentence: str, profile: str) -> None:
        super().__init__()
        self.run = run
        self.sentence = sentence
        self.profile = profile
        """The profile that it was for; another one may be in front by now."""
