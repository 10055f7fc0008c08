"""A forced resync in several calls while it goes on, and the account of it: which keys were sent with
which result, which are unknown, which were not sent.

What is sent again is chosen by its own key and goes through the review again; an unknown call never
goes along with others.
"""

import time
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from tui.domain.resync_keys import counted, span
from tui.domain.text import one_line
from tui.ops.bulk import Stage, TargetResult
from tui.ops.resync_account import FAILED, REST, UNKNOWN, ResyncAccount
from tui.ops.resync_plan import keys_of
from tui.ui.desk import Desk
from tui.ui.modals.answer import sign_of
from tui.ui.modals.bulk_progress import SIGNS, BulkProgressDialog, toned
from tui.ui.modals.call_answers import CallAnswersDialog, answer_to
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Fact

if TYPE_CHECKING:
    from tui.ui.app import SyncdeckApp

_CHOSEN = {"rest": REST, "failed": FAILED, "unknown": UNKNOWN}


class ResyncProgressDialog(BulkProgressDialog, inherit_bindings=False):
    """Follows a run; the result is what of it is to be sent again, in one word, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,x", "stop", "stop", key_display="esc"),
        Binding("escape,q,f10", "leave", "back", key_display="q"),
        Binding("r", "again('rest')", "send the rest"),
        Binding("f", "again('failed')", "failed again"),
        Binding("u", "again('unknown')", "unknown again"),
        Binding("w", "save", "where the rest is"),
        Binding("enter", "answers", "answers"),
        Binding("y", "copy", "copy"),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        *Dialog.BINDINGS[2:],
    ]

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"again"})

    def __init__(self, desk: Desk, account: ResyncAccount) -> None:
        super().__init__(account.current)
        self.heading = account.runs[0].plan.title
        self._desk = desk
        self._account = account
        self._sending_since: tuple[int, float] | None = None
        """Which call is on its way, and since when."""
        self._asked_to_leave = False

    def on_mount(self) -> None:
        """Follow, and tell once a second how long a call has been on its way."""
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        if not self.run.is_over:
            self.show_count()

    def facts(self) -> tuple[Fact, ...]:
        """One line per call."""
        return tuple(_fact(place, one) for place, one in enumerate(self._account.results, 1))

    def told(self) -> str:
        """How far it is; and then what can be done about what is left."""
        run = self.run
        said = f"{self._account.count} · {self._account.told}"
        if run.is_over:
            # What ended it by itself stands at the call that did.
            sentences = {one.outcome.sentence for one in run.results if one.outcome}
            by_hand = bool(run.stopped) and run.stopped not in sentences
            return said + (f" · {run.stopped}" if by_hand else "")
        stopping = f" · {run.stopped}: what is under way ends" if run.stopped else ""
        return f"{said}{self._elapsed()}{stopping}"

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
        """Only what there is of a kind is offered to be sent again."""
        if action == "again":
            return bool(self._account.again(_CHOSEN[str(parameters[0])]))
        if action == "save":
            return bool(self._account.again(REST))
        if action == "answers":
            return any(answer_to(one) for one in self._account.results)
        return super().check_action(action, parameters)

    def action_again(self, which: str) -> None:
        """Leave, with what is to be reviewed anew."""
        self.last_key.take(lambda: self.dismiss((_CHOSEN[which],)), self.refuse_key)

    def action_save(self) -> None:
        """Bring the private file with the keys that were not sent up to date, and say where it is."""
        rest = self._desk.rest
        if rest is None:
            self.trouble("the demo writes no file: y copies the account", "warning")
            return
        rest.keep(self._account)
        hint = "y copies the account" if rest.trouble else "name it as the file of a resync to send them"
        self.trouble(f"{rest.told(self._account)}: {hint}", "error" if rest.trouble else "ok")

    def action_answers(self) -> None:
        """Show what the calls were answered."""
        self.app.push_screen(CallAnswersDialog(self._account.results))

    def action_copy(self) -> None:
        """Copy the account, the keys of failed and unknown calls in full."""
        cast("SyncdeckApp", self.app).copy_text(self._account.text, "the account")

    def unsent(self) -> str:
        """The keys of a run that is over which were not sent, and where they are kept."""
        left = self._account.again(REST)
        if not left:
            return ""
        if self._desk.rest is not None:
            return self._desk.rest.told(self._account)
        keys = counted(sum(len(keys_of(one)) for one in left), "key")
        return f"{keys} were not sent, and the demo keeps no file: y copies the account"

    def action_leave(self) -> None:
        """Close, once with a question where keys are left; a run that is not over goes on, and can be
        looked at again."""
        if not self.unsent():
            self._leave()
        elif self._asked_to_leave:
            self.last_key.take(self._leave, lambda: self._ask_to_leave("wait: "))
        else:
            self._asked_to_leave = True
            self.last_key.begin()
            self._ask_to_leave()

    def _ask_to_leave(self, first: str = "") -> None:
        self.trouble(f"{first}The same key again leaves it. {self.unsent()}", "warning")

    def _leave(self) -> None:
        super().action_leave()
        deck = cast("SyncdeckApp", self.app).deck
        if deck is None:
            return
        if not self.run.is_over:
            deck.notice("the forced resync goes on: f on the Engine screen shows it", "busy")
        elif self.unsent():
            deck.notice(self.unsent())


def _fact(place: int, result: TargetResult) -> Fact:
    keys, outcome = keys_of(result.proposal), result.outcome
    said = [f"call {place} · {counted(len(keys), 'key')} {span(keys)}"]
    sign, answer = SIGNS.get(result.word, " "), answer_to(result)
    if answer is not None:
        said += (
            [answer.word, answer.changed] if answer.ok and answer.status != "Ok" else [answer.changed]
        )
        sign = sign_of(answer) if result.succeeded else sign
    if outcome is not None:
        said += [one_line(text) for text in (outcome.sentence, outcome.next_step) if text]
    return toned(result, sign), " · ".join(said)
