"""A bulk run while it is running, and its results, one line per target.

Closing it does not stop the run; what is retried goes through the review again.
"""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.domain.text import one_line
from tui.ops.execution.bulk_run import BulkRun, Stage, TargetResult
from tui.ui.host import app_of
from tui.ui.modals.dialog import READING, Dialog, Result
from tui.ui.screens.signs import PROBLEM_TONES, RESULT_SIGNS
from tui.ui.widgets.fact_list import Fact, Facts, TonedLabel
from tui.ui.widgets.text_line import TextLine

FAILURES: tuple[BindingType, ...] = (
    Binding("n", "failure(1)", "next failure"),
    Binding("N", "failure(-1)", "Previous failure", show=False),
)
_EVERY = 0.1
"""Seconds: results come faster than they can be read or drawn."""


class ProgressDialog(Dialog[Result]):
    """Follows a run: a line for each target, and a count below."""

    @abstractmethod
    def facts(self) -> Iterable[Fact]: ...

    @abstractmethod
    def summary(self) -> str: ...

    def compose_body(self) -> ComposeResult:
        yield Facts()

    def compose_tail(self) -> ComposeResult:
        yield TextLine(id="count")

    def on_mount(self) -> None:
        self.follow()

    def follow(self) -> None:
        self.query_one(Facts).show(self.facts())
        self.show_count()
        self.refresh_bindings()
        self.call_after_refresh(self._fit_body)

    def show_count(self) -> None:
        """Show the progress line, and redraw nothing else."""
        self.query_one("#count", TextLine).show(self.summary())

    def action_copy(self) -> None:
        plain = "\n".join((self.heading, self.query_one(Facts).plain, self.summary()))
        app_of(self).copy_text(plain, "the results")


class BulkProgressDialog(ProgressDialog[tuple[str, ...] | None]):
    """Follows a run; the result is the keys to be retried, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,x", "stop", "stop", key_display="esc"),
        Binding("escape,q,f10", "leave", "back", key_display="q"),
        Binding("r", "retry", "retry failed"),
        *FAILURES,
        Binding("y", "copy", "copy"),
        *READING[1:],
    ]

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"retry"})

    def __init__(self, run: BulkRun) -> None:
        super().__init__(run.plan.title)
        self.run = run
        self._gathers = False
        """Whether changes wait for the next drawing."""
        self._has_gathered = False
        self._facts: dict[int, tuple[TargetResult, Fact]] = {}
        """By place, the result that was shown last, and how."""
        self._failure = -1
        """The place of the failure that was shown last."""

    @property
    def results(self) -> Sequence[TargetResult]:
        return self.run.results

    def follow(self) -> None:
        """Show a change at once, and those that follow it closely together."""
        if self._gathers:
            self._has_gathered = True
            return
        self._gathers = True
        self.set_timer(_EVERY, self._show_gathered)
        super().follow()

    def _show_gathered(self) -> None:
        self._gathers = False
        if self.query_one_optional(Facts) is None:
            # It is being closed, and its content is gone already.
            return
        if self._has_gathered:
            self._has_gathered = False
            self.follow()
        else:
            # The count may have taken more lines since.
            self._fit_body()

    def facts(self) -> Iterable[Fact]:
        """Made again only of the results that changed."""
        for place, result in enumerate(self.run.results):
            if place not in self._facts or self._facts[place][0] is not result:
                self._facts[place] = result, _fact(result)
        return [fact for _, fact in self._facts.values()]

    def summary(self) -> str:
        run = self.run
        if not run.is_over:
            stopping = f" · {run.stopped}: requests under way will finish" if run.stopped else ""
            return f"{run.count}{stopping}"
        stopped = f" · {run.stopped}" if run.is_cut_short else ""
        watched = " · watching the status until it changes" if run.is_watching else ""
        return f"{run.count}{stopped}{watched}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "failure":
            return any(map(_is_failure, self.results))
        if action == "retry":
            return bool(self.run.retryable)
        if action == "stop":
            return not (self.run.is_over or self.run.stopped)
        return True

    def action_stop(self) -> None:
        self.run.stop()

    def action_retry(self) -> None:
        self.take_key(lambda: self.dismiss(self.run.retryable), "press the key again")

    def action_failure(self, direction: int) -> None:
        """Scroll to the next result that needs attention, or the previous one; around at the end."""
        places = [place for place, one in enumerate(self.results) if _is_failure(one)]
        if not places:
            return
        beyond = [place for place in places if (place - self._failure) * direction > 0]
        self._failure = (beyond or places)[0 if direction > 0 else -1]
        count, one = places.index(self._failure) + 1, self.results[self._failure]
        top = self.query_one(Facts).top_of(self._failure)
        self.query_one("#body", VerticalScroll).scroll_to(y=top, animate=False)
        name = one_line(one.proposal.target)
        self.trouble(f"{count} of {len(places)}: {one.word} · {name}", "warning")


def _is_failure(result: TargetResult) -> bool:
    return result.word in PROBLEM_TONES or result.has_bad_run or bool(result.unrecorded)


def sign_of(result: TargetResult) -> str:
    return RESULT_SIGNS.get(result.word, (" ", ""))[0]


def toned(result: TargetResult, sign: str) -> TonedLabel:
    return TonedLabel(f"{sign} {result.word}", PROBLEM_TONES.get(result.word, ""))


def _fact(result: TargetResult) -> Fact:
    label = toned(result, sign_of(result))
    parts = [one_line(result.proposal.target), result.seen]
    if result.outcome is not None and not result.succeeded:
        parts.extend((result.outcome.sentence, result.outcome.next_step))
    if result.stage is Stage.ENDED and result.succeeded and result.outcome is not None:
        parts.extend(result.outcome.differences)
    if result.unrecorded:
        parts.append(f"not recorded in the audit trail: {result.unrecorded}")
    return label, " · ".join(filter(None, parts))
