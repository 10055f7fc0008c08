"""A maintenance while it is opened or closed, one line per target; closing the dialog stops nothing."""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.domain.maintenance.records import NotedTarget
from tui.domain.text import counted, one_line
from tui.session.maintenance.run import MaintenanceRun
from tui.ui.modals.dialog import READING
from tui.ui.modals.review.bulk_progress import ProgressDialog
from tui.ui.screens.signs import PROBLEM_TONES, RESULT_SIGNS
from tui.ui.widgets.fact_list import Fact, TonedLabel

_LEFT, _WAITING = "left", "waiting"


class MaintenanceProgressDialog(ProgressDialog[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "stop", "stop"),
        Binding("M", "go_on", "what is open"),
        Binding("escape,q,f10", "leave", "back", key_display="esc"),
        Binding("y", "copy", "copy"),
        *READING[1:],
    ]

    def __init__(self, run: MaintenanceRun) -> None:
        self.run = run
        self.is_to_go_on = False
        """Whether what is open is to be shown next."""
        super().__init__(f"Maintenance {run.one.name}")

    def facts(self) -> Iterable[Fact]:
        """In the order in which they are sent."""
        targets = self.run.one.targets
        return map(self._fact, targets if self.run.is_opening else reversed(targets))

    def _fact(self, target: NotedTarget) -> Fact:
        step = target.stop if self.run.is_opening else target.start
        if target.left:
            word, sentence = _LEFT, target.left
        elif step is None:
            word, sentence = ("not sent", "") if self.run.is_over else (_WAITING, self._drain)
        else:
            word, sentence = step.word, step.sentence
            if not self.run.is_opening and word == "unchanged":
                word = _LEFT
        sign = RESULT_SIGNS.get(word, ("–", ""))[0]
        parts = one_line(target.name), one_line(sentence)
        return TonedLabel(f"{sign} {word}", PROBLEM_TONES.get(word, "")), " · ".join(filter(None, parts))

    @property
    def _drain(self) -> str:
        """What the stops may wait for."""
        one = self.run.one
        if not (one.drain_s and self.run.is_opening):
            return ""
        end = one.opened_at + timedelta(seconds=one.drain_s)
        return f"a run may end first, until {end:%H:%M} UTC"

    def summary(self) -> str:
        run = self.run
        parts = [_counts(run)]
        if not run.is_over:
            parts.append(
                f"{run.stopped}: requests under way will finish" if run.stopped else "watching…"
            )
        elif run.is_well:
            parts.append("maintenance is open" if run.is_opening else "maintenance is closed")
        elif run.is_opening and not run.one.off:
            parts += [run.stopped, "nothing was stopped, so nothing is open"]
        else:
            then = "M goes on or closes it" if run.is_opening else "M closes the rest"
            parts += [run.stopped, run.to_unlock, then]
        return " · ".join(filter(None, (*parts, run.trouble)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return not (self.run.is_over or self.run.stopped)
        if action == "go_on":
            return self.run.is_over and not self.run.is_well
        return super().check_action(action, parameters)

    def action_go_on(self) -> None:
        self.is_to_go_on = True
        self.dismiss(None)

    def action_stop(self) -> None:
        self.run.stop()


def _counts(run: MaintenanceRun) -> str:
    """`3 of 4 targets off`, `4 of 4 targets settled`."""
    concerned = [one for one in run.one.targets if not one.left]
    if run.is_opening:
        done = sum(one.stop is not None and one.stop.word == "applied" for one in concerned)
        return f"{done} of {counted(len(concerned), 'target')} off"
    started = sum(one.is_settled for one in concerned)
    return f"{started} of {counted(len(concerned), 'target')} done"
