"""Times in which a maintenance had a target off: then that it is off is not a problem. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tui.domain.history.records import State, Subject
from tui.domain.maintenance.records import Maintenance

OFF = ("off", "stopped", "stopping", "inactive")
"""Words of a target that somebody stopped."""
_SEEN_LATE = timedelta(minutes=1)
"""Between the effect of a step and its note, whichever is the first."""


class PlannedStops:
    def __init__(self, maintenances: Iterable[Maintenance]) -> None:
        self._times: dict[tuple[str, str], list[tuple[datetime, datetime | None]]] = {}
        for one in maintenances:
            for target in one.targets:
                if target.stop is None or not target.was_stopped:
                    continue
                end = target.start.at if target.start and target.is_settled else one.closed_at
                key = target.kind.value, target.id.casefold()
                # A stop is noted again once its effect was seen, perhaps after a poll recorded it.
                start = max(one.opened_at, target.stop.at - _SEEN_LATE)
                self._times.setdefault(key, []).append((start, end))

    def cover(self, subject: Subject, state: State, at: datetime) -> bool:
        """Whether it was off at that time because of one of them."""
        times = self._times.get((subject.kind.value, subject.key.casefold()), ())
        return state.state in OFF and any(
            start <= at and (end is None or at <= end + _SEEN_LATE) for start, end in times
        )
