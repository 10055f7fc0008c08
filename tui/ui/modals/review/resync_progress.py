"""A forced resync in several calls while it is running, and the account of it: which keys were sent with
which result, which are unknown, which were not sent.

What is sent again has its own key and goes through the review again; an unknown call is never sent again
together with others.
"""

import time
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.domain.superoffice.resync_keys import span
from tui.domain.text import counted, one_line
from tui.ops.execution.bulk_run import Stage, TargetResult
from tui.ops.execution.resync_report import FAILED, REST, UNKNOWN, ResyncAccount
from tui.ops.proposals.resync import count_of, keys_of
from tui.session.session import Session
from tui.ui.host import app_of
from tui.ui.modals.details.plugin_response import sign_of
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.modals.review.bulk_progress import FAILURES, BulkProgressDialog, toned
from tui.ui.modals.review.bulk_progress import sign_of as result_sign
from tui.ui.modals.review.resync_answers import CallAnswersDialog, answer_to
from tui.ui.widgets.fact_list import Fact

_CHOSEN = {"rest": REST, "failed": FAILED, "unknown": UNKNOWN}


class ResyncProgressDialog(BulkProgressDialog, inherit_bindings=False):
    """Follows a run; the result is which calls to send again, in one word, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,x", "stop", "stop", key_display="esc"),
        Binding("escape,q,f10", "leave", "back", key_display="q"),
        Binding("r", "again('rest')", "send the rest"),
        Binding("f", "again('failed')", "retry failed"),
        Binding("u", "again('unknown')", "retry unknown"),
        Binding("w", "save", "save the rest"),
        Binding("enter", "answers", "answers"),
        *FAILURES,
        Binding("y", "copy", "copy"),
        *READING[1:],
        *Dialog.BINDINGS[2:],
    ]

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"again"})

    def __init__(self, session: Session, account: ResyncAccount) -> None:
        super().__init__(account.current)
        self.heading = account.runs[0].plan.title
        self._session = session
        self._account = account
        self._sending_since: tuple[int, float] | None = None
        """Which call is running, and since when."""

    def on_mount(self) -> None:
        """Follow, and show once a second how long a call has been running."""
        self.repeat(1.0, self._tick)

    def _tick(self) -> None:
        if not self.run.is_over:
            self.show_count()

    @property
    def results(self) -> Sequence[TargetResult]:
        return self._account.results

    def facts(self) -> tuple[Fact, ...]:
        return tuple(_fact(place, one) for place, one in enumerate(self._account.results, 1))

    def summary(self) -> str:
        """The progress; at the end what can be done about the remaining calls."""
        run = self.run
        text = f"{self._account.count} · {self._account.summary}"
        if run.is_over:
            # A run that ended by itself shows the reason at the call that ended it.
            return text + (f" · {run.stopped}" if run.is_stopped_by_hand else "")
        stopping = f" · {run.stopped}: requests under way will finish" if run.stopped else ""
        return f"{text}{self._elapsed()}{stopping}"

    def _elapsed(self) -> str:
        results = enumerate(self._account.results)
        places = [place for place, one in results if one.stage is Stage.SENDING]
        if not places:
            return ""
        if self._sending_since is None or self._sending_since[0] != places[0]:
            self._sending_since = (places[0], time.monotonic())
        seconds = int(time.monotonic() - self._sending_since[1])
        return f" · call {places[0] + 1} sending, {seconds}s"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "again":
            return bool(self._account.again(_CHOSEN[str(parameters[0])]))
        if action == "save":
            return bool(self._account.again(REST))
        if action == "answers":
            return any(answer_to(one) for one in self._account.results)
        return super().check_action(action, parameters)

    def action_again(self, which: str) -> None:
        self.take_key(lambda: self.dismiss((_CHOSEN[which],)), "press the key again")

    def action_save(self) -> None:
        """Update the private file with the keys that were not sent, and say where it is."""
        rest = self._session.rest
        if rest is None:
            self.trouble("the demo writes no file: y copies the account", "warning")
            return
        rest.keep(self._account)
        hint = "y copies the account" if rest.trouble else "name it as the file of a resync to send them"
        self.trouble(f"{rest.summary(self._account.unsent)}: {hint}", "error" if rest.trouble else "ok")

    def action_answers(self) -> None:
        self.app.push_screen(CallAnswersDialog(self._account.results))

    def action_copy(self) -> None:
        """Copy the account, with the keys of failed and unknown calls in full."""
        app_of(self).copy_text(self._account.text, "the account")

    def unsent(self) -> str:
        """The keys that an ended run did not send, and where they are kept."""
        left = self._account.again(REST)
        if not left:
            return ""
        if self._session.rest is not None:
            return self._session.rest.summary(self._account.unsent)
        keys = counted(count_of(left), "key")
        return f"{keys} were not sent, and the demo keeps no file: y copies the account"

    def action_leave(self) -> None:
        """Close, once with a question where keys are left; a run that continues can be shown again."""
        if not self.unsent():
            self._leave()
        else:
            self.leave_or_ask(self._leave, f"Press again to close it. {self.unsent()}")

    def _leave(self) -> None:
        super().action_leave()
        screen = app_of(self).tab_screen
        if screen is None:
            return
        if not self.run.is_over:
            screen.notice("the forced resync continues: f on the Engine screen shows it", "busy")
        elif self.unsent():
            screen.notice(self.unsent())


def _fact(place: int, result: TargetResult) -> Fact:
    keys, outcome = keys_of(result.proposal), result.outcome
    parts = [f"call {place} · {counted(len(keys), 'key')} {span(keys)}"]
    sign, answer = result_sign(result), answer_to(result)
    if answer is not None:
        parts += (
            [answer.word, answer.changed] if answer.ok and answer.status != "Ok" else [answer.changed]
        )
        sign = sign_of(answer) if result.succeeded else sign
    if outcome is not None:
        parts += [one_line(text) for text in (outcome.sentence, outcome.next_step) if text]
    return toned(result, sign), " · ".join(parts)
