"""A bulk run while it goes on and what became of it, one line per target.

Leaving it leaves the run alone; what is retried goes through the review again.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.text import one_line
from tui.ops.bulk import BulkRun, Stage, TargetResult
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Fact, Facts, Toned
from tui.ui.widgets.text_line import TextLine

SIGNS = {
    "waiting": "·",
    "sending": "…",
    "applied": "✔",
    "accepted": "→",
    "unchanged": "✔",
    "not applied": "✖",
    "failed": "✖",
    "refused": "○",
    "unknown": "?",
    "conflict": "▲",
    "not sent": "○",
}

_TONES = {
    "failed": "error",
    "not applied": "error",
    "refused": "error",
    "conflict": "warning",
    "unknown": "warning",
}
"""Of the words; the others are drawn as every label."""


class BulkProgressDialog(Dialog[tuple[str, ...] | None]):
    """Follows a run; the result is the keys to be retried, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,x", "stop", "stop", key_display="esc"),
        Binding("escape,q,f10", "leave", "back", key_display="q"),
        Binding("r", "retry", "retry what failed"),
        Binding("y", "copy", "copy"),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"retry"})

    def __init__(self, run: BulkRun) -> None:
        super().__init__(run.plan.title)
        self.run = run

    def compose_body(self) -> ComposeResult:
        """One line per target."""
        yield Facts()

    def compose_tail(self) -> ComposeResult:
        """How far it is."""
        yield TextLine(id="count")

    def on_mount(self) -> None:
        """Show how far it is now."""
        self.follow()

    def follow(self) -> None:
        """Show how far it is."""
        self.query_one(Facts).show(self.facts())
        self.show_count()
        self.refresh_bindings()
        self.call_after_refresh(self._fit_body)

    def show_count(self) -> None:
        """Show how far it is, and nothing else anew."""
        self.query_one("#count", TextLine).show(self.told())

    def facts(self) -> Iterable[Fact]:
        """One line per target."""
        return [_fact(result) for result in self.run.results]

    def told(self) -> str:
        """How far it is, in a sentence."""
        run = self.run
        if not run.is_over:
            stopping = f" · {run.stopped}: what is under way ends" if run.stopped else ""
            return f"{run.count}{stopping}"
        stopped = f" · {run.stopped}" if run.is_cut_short else ""
        watched = " · the status is looked at until it changes" if run.is_watching else ""
        return f"{run.count}{stopped}{watched}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be stopped is offered to be stopped, only what failed to be retried."""
        if action == "retry":
            return bool(self.run.retryable)
        if action == "stop":
            return not (self.run.is_over or self.run.stopped)
        return True

    def action_stop(self) -> None:
        """Send nothing more; what is under way ends."""
        self.run.stop()

    def action_retry(self) -> None:
        """Leave, with what is to be reviewed anew."""
        self.last_key.take(lambda: self.dismiss(self.run.retryable), self.refuse_key)

    def refuse_key(self) -> None:
        """Say that what is shown has to be read first."""
        self.trouble("wait: that came too soon to count. Read this, then press the key again", "warning")

    def action_copy(self) -> None:
        """Copy what is on screen."""
        plain = "\n".join((self.run.plan.title, self.query_one(Facts).plain, self.told()))
        self.app.copy_text(plain, "the results")  # type: ignore[attr-defined]  # our app


def toned(result: TargetResult, sign: str) -> Toned:
    """Sign and word of a result, in the tone of it."""
    return Toned(f"{sign} {result.word}", _TONES.get(result.word, ""))


def _fact(result: TargetResult) -> Fact:
    label = toned(result, SIGNS.get(result.word, " "))
    said = [one_line(result.proposal.target), result.seen]
    if result.outcome is not None and not result.succeeded:
        said.extend((result.outcome.sentence, result.outcome.next_step))
    if result.stage is Stage.ENDED and result.succeeded and result.outcome is not None:
        said.extend(getattr(result.outcome, "differences", ()))
    if result.unrecorded:
        said.append(f"not recorded in the audit trail: {result.unrecorded}")
    return label, " · ".join(filter(None, said))
