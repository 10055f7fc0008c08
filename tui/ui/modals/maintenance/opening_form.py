"""The form of a maintenance: on which targets, why, until when; F2 reviews what would be stopped.

The targets are read when the form is opened and again for the review: they are shown as they are.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from textual import on, work
from textual.app import ComposeResult

from tui.domain.history.observing import kept_text
from tui.domain.intervals import parse_input
from tui.domain.profile import System
from tui.domain.text import cited
from tui.domain.time_grammar import planned_end
from tui.ops.maintenance.planning import OpeningPlan
from tui.ops.refusal import Refusal
from tui.session.maintenance.beginning import Terms
from tui.session.maintenance.run import MaintenanceRun
from tui.session.session import Session
from tui.ui.forms.form import FormDialog
from tui.ui.modals.maintenance.opening_review import OpeningReviewDialog
from tui.ui.modals.maintenance.plan_review import PlanAgain
from tui.ui.modals.maintenance.sources import Source
from tui.ui.modals.maintenance.target_lines import opening_lines, whole
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.fact_list import Facts
from tui.ui.widgets.form_fields import ChoiceField, Field, TextField

_ENGINE = ("as listed below", "stop it too")
_FIRST_END = "2h"
_LONGEST_REASON = 200
"""Characters."""
_MOST_DRAIN = 24 * 3600.0
"""Seconds."""
_ENDS = "2h, 03:00, tomorrow 06:00 or a date"


class MaintenanceForm(FormDialog):
    """The choice of the set is there only where there is more than one."""

    def __init__(
        self, session: Session, sources: Sequence[Source], begun: Callable[[MaintenanceRun], object]
    ) -> None:
        """`begun` is called with the run after the review was confirmed."""
        super().__init__("Maintenance: stop a set, later start exactly those", session, "maintenance")
        self._sources = {source.label: source for source in sources}
        self._begun = begun

    def compose_body(self) -> ComposeResult:
        yield from super().compose_body()
        yield Facts((("", "reading the targets…"),))

    def fields(self) -> Sequence[Field]:
        labels = tuple(self._sources)
        return (
            *([ChoiceField("Set", "Set", labels)] if len(labels) > 1 else []),
            TextField(
                "Reason", "Reason", placeholder="what it is for", required=True, check=_wrong_reason
            ),
            TextField(
                "Until",
                "Planned end (UTC)",
                _FIRST_END,
                note=self._end_note(_FIRST_END),
                required=True,
                check=self._wrong_end,
                check_first=True,
            ),
            TextField(
                "Drain",
                "Let running syncs finish",
                placeholder="no: stop them at once",
                note="wait for the end of a run, for at most this time, such as 15m",
                check=_wrong_drain,
            ),
            *([ChoiceField("Engine", "ErpSync engine", _ENGINE)] if self._has_engine else []),
        )

    def on_mount(self) -> None:
        self._read_targets()

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        self.touched(event.control)
        self._read_targets()

    def edited(self, field: Field) -> None:
        """Show when a duration ends."""
        super().edited(field)
        if field.name == "Until":
            field.show_note(self._end_note(field.text))

    def _end_note(self, text: str) -> str:
        try:
            end = self._end(text)
        except ValueError:
            return _ENDS
        return f"{end:%Y-%m-%d %H:%M} UTC; {_ENDS}"

    def _end(self, text: str) -> datetime:
        return planned_end(text, self.session.clock())

    def _wrong_end(self, text: str) -> str | None:
        try:
            self._end(text)
        except ValueError as error:
            return str(error)
        return None

    @property
    def _source(self) -> Source:
        label = self._by_name["Set"].text if "Set" in self._by_name else next(iter(self._sources))
        return self._sources[label]

    @property
    def _has_engine(self) -> bool:
        return System.SUPEROFFICE in self.session.facts.systems

    @property
    def _plan(self) -> PlanAgain[OpeningPlan]:
        field = self._by_name.get("Engine")
        return partial(self._source.plan, engine=field is not None and field.text == _ENGINE[1])

    @work(group="targets", exclusive=True)
    async def _read_targets(self) -> None:
        plan = await self._plan()
        if self.is_attached:
            self._show_targets(plan)

    def _show_targets(self, plan: OpeningPlan | Refusal) -> None:
        lines = (("Targets", whole(plan)),) if isinstance(plan, Refusal) else opening_lines(plan)
        self.query_one(Facts).show((("", " "), *lines))

    def action_review(self) -> None:
        if self.is_right():
            self._review_now()

    @work(group="targets", exclusive=True)
    async def _review_now(self) -> None:
        self.trouble("reading the targets…", "busy")
        again, terms = self._plan, self._terms()
        plan = await again()
        if not self.is_current:
            return
        self.trouble("")
        self._show_targets(plan)
        if isinstance(plan, Refusal):
            self.complain(whole(plan), "warning")
        elif not plan.stopped:
            self.complain("nothing to stop: every target is left as it is", "warning")
        else:
            review = OpeningReviewDialog(self.session, plan, terms, again)
            self.app.push_screen(review, self._confirmed)

    def _terms(self) -> Terms:
        texts = {field.name or "": field.text.strip() for field in self.all_fields}
        drain = parse_input(texts["Drain"]) if texts["Drain"] else 0.0
        return Terms(kept_text(texts["Reason"]), self._end(texts["Until"]), drain)

    def _confirmed(self, run: MaintenanceRun | None) -> None:
        if run is not None:
            self.dismiss(None)
            self._begun(run)


def _wrong_reason(text: str) -> str | None:
    return f"at most {_LONGEST_REASON} characters" if len(text) > _LONGEST_REASON else None


def _wrong_drain(text: str) -> str | None:
    try:
        seconds = parse_input(text)
    except ValueError as error:
        return str(error)
    return None if seconds <= _MOST_DRAIN else f"{cited(text)} is longer than a day"
