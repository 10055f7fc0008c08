"""Messages inside the front end, in the past tense."""

from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

if TYPE_CHECKING:
    from tui.session.events import Event
    from tui.store.snapshot import Topic


class SessionChanged(Message):
    """An event of the session; an equal one replaces the pending one."""

    def __init__(self, event: "Event") -> None:
        super().__init__()
        self.event = event

    def can_replace(self, message: Message) -> bool:
        """Whether this event contains all of the pending one."""
        from tui.session.events import BulkMoved, HistoryChanged, MaintenanceChanged, TrailRead

        folds = isinstance(self.event, TrailRead | BulkMoved | HistoryChanged | MaintenanceChanged)
        if not folds or not isinstance(message, SessionChanged):
            return False
        # Events without a value are equal to each other: a tuple does not compare its type.
        return type(message.event) is type(self.event) and message.event == self.event


class SnapshotChanged(Message):
    """The store has something new of a topic; a burst of one topic folds into its last."""

    def __init__(self, topic: "Topic") -> None:
        super().__init__()
        self.topic = topic

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, SnapshotChanged) and message.topic is self.topic


class LineMeasured(Message):
    """The terminal responded for the first time."""

    def __init__(self, round_trip: float) -> None:
        """`round_trip`: seconds from the query."""
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
