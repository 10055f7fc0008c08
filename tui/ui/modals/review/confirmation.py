"""The confirmation before a write, by its grade; the subclass shows what is confirmed.

`a` applies a reversible operation, `y` confirms a disruptive one, and an irreversible one needs the
profile's name typed. Enter does nothing dangerous: Cancel has the focus. No key counts before what it
confirms was read, and whatever changes has to be read again.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Button

from tui.api.errors import ErpError
from tui.domain.profile import Environment
from tui.domain.text import brief
from tui.domain.writes import FieldChange
from tui.ops.operations.registry import Danger
from tui.ops.proposals.proposal import Proposal, going_elsewhere
from tui.session.session import Session
from tui.ui.modals.dialog import Result
from tui.ui.modals.review.typed_name import TypedNameDialog
from tui.ui.widgets.fact_list import Fact, Facts

STRONGER = "this now needs a stronger confirmation. Close and start again"
_LOOK_EVERY = 5.0
"""Seconds between two updates of the age of the data."""


_AGE = "Data"
"""The label of the one fact that changes by itself."""
_REQUEST = "Request"
_LONGEST_STATE = 160
"""Characters."""
_KEYS = {Danger.REVERSIBLE: "a", Danger.DISRUPTIVE: "y"}


def before_after(change: FieldChange) -> str:
    """Before → after; what a server says beside a state is cut, as the details have it whole."""
    is_state = change.field == "State"
    before = brief(change.before, _LONGEST_STATE) if is_state else change.before
    return f"{before} → {change.after}" if before else change.after


class LastStepDialog(TypedNameDialog[Result]):
    """Shows facts, and sends after the confirmation that its grade requires."""

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"apply", "confirm", "submit"})

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "apply", "apply"),
        Binding("y", "confirm", "confirm"),
        Binding("q", "leave", "Back", show=False),
        Binding("down", "more", "more", key_display="↓"),
    ]

    def __init__(self, title: str, session: Session, danger: Danger) -> None:
        super().__init__(title)
        self._session = session
        self._sent = False
        self._unsendable = ""
        self._read: tuple[Fact, ...] = ()
        """The facts that have to be read before the confirmation, as they were shown last."""
        self.request_line = ""
        """Method and address of the request as it was shown last."""
        self._note = ""
        """The warning that is repeated after a key was refused."""
        self.grade = danger
        self.set_class(session.facts.environment is Environment.PRODUCTION, "-production")

    def facts(self) -> tuple[Fact, ...]:
        return ()

    def counted(self, facts: Sequence[Fact]) -> int:
        """All above the request; of many targets what is said of all of them, which comes first."""
        labels = [*(label for label, _ in facts), _REQUEST]
        count = labels.index(_REQUEST)
        blank: Fact = ("", "")
        if self.is_summed and blank in facts:
            count = min(count, facts.index(blank))
        while count and facts[count - 1] == blank:
            count -= 1
        return count

    @property
    def proposal(self) -> Proposal:
        raise AttributeError("proposal")

    def request_facts(self, *more: Fact) -> tuple[Fact, ...]:
        """The exact request, its headers masked, and `more` about it; or why it is not known yet."""
        try:
            preview = self._session.preview(self.proposal)
        except ErpError as error:
            self._unsendable = f"{error.sentence}: {error.next_step}"
            return ((_REQUEST, self._unsendable),)
        self.request_line = preview.line
        headers = (("", f"{name}: {value}") for name, value in preview.headers)
        body = (("", line) for line in preview.body.split("\n") if line)
        return ((_REQUEST, f"{preview.method} {preview.url}"), *body, *headers, *more)

    def going_elsewhere(self) -> str:
        """The message where the request would now go to another address than shown; or empty."""
        shown = self.request_line
        try:
            now = self._session.preview(self.proposal).line if shown else ""
        except ErpError:
            return ""
        return "" if now == shown else f"{going_elsewhere(shown, now)}. Check and confirm again"

    def halted(self) -> str:
        """Why nothing can be sent now; empty: it can."""
        return self._unsendable

    def send(self) -> None:
        raise AttributeError("send")

    def compose_body(self) -> ComposeResult:
        yield Facts()

    def compose_tail(self) -> ComposeResult:
        """The confirmation: a name to type, or Cancel under the focus."""
        if self.grade is Danger.IRREVERSIBLE:
            yield from self.compose_name(self._session.facts.name)
        else:
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Cancel has the focus; where a name must be typed, its field has."""
        self.follow()
        self.repeat(_LOOK_EVERY, self.follow)
        self.query_one("#profile-name, #cancel").focus()

    def follow(self) -> None:
        if not self._sent:
            self.show_facts(self.facts())
            self.refresh_bindings()

    def show_facts(self, facts: tuple[Fact, ...], *, again: bool = False) -> None:
        """Show these facts; if they differ from before they have to be confirmed again.

        `again`: unchanged facts, too.
        """
        to_read = _to_read(facts)
        is_other = again or to_read != self._read
        if is_other:
            if self._read:
                self.void_name(disabled=self._sent)
            same = takewhile(lambda both: both[0] == both[1], zip(self._read, to_read, strict=False))
            self.see_others(facts, len(list(same)))
            self._read = to_read
            self.show_whether_ready()
        self.query_one(Facts).show(facts, is_new=is_other)

    def update_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these facts, of which nothing has to be confirmed again: what is typed stays."""
        self._read = _to_read(facts)
        self.query_one(Facts).show(facts)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the key of this grade is shown, and only until it was pressed."""
        if action in ("apply", "confirm"):
            due = {Danger.REVERSIBLE: "apply", Danger.DISRUPTIVE: "confirm"}.get(self.grade)
            return action == due and not (self._sent or self.halted())
        return super().check_action(action, parameters)

    def action_apply(self) -> None:
        self.take_key(self._send_once, f"press {_KEYS[self.grade]} again")

    action_confirm = action_apply

    def on_key(self, event: events.Key) -> None:
        """The key of another grade confirms nothing: say which one does."""
        due = _KEYS.get(self.grade)
        if (
            due
            and event.key != due
            and event.key in _KEYS.values()
            and not (self._sent or self.halted())
        ):
            hint = f"{event.key} does not confirm this: read it, then press {due}"
            self.trouble(". ".join(filter(None, (hint, self._note))), "warning")

    def refuse_key(self, then: str) -> None:
        super().refuse_key(". ".join(filter(None, (then, self._note))))

    def name_typed(self, name: str) -> None:
        if name == self._session.facts.name:
            self._send_once()
        else:
            self.trouble(f"that is not the profile's name: type {self._session.facts.name}")

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.action_leave()

    def heed(self, text: str) -> None:
        """Show what changed; it is shown again where a key comes too soon."""
        self._note = text
        self.trouble(text, "warning")

    def _send_once(self) -> None:
        if self.halted():
            self.trouble(self.halted())
        elif not self._sent:
            self._sent = True
            self.void_name(disabled=True)
            self.refresh_bindings()
            self.send()

    def confirm_again(self) -> None:
        """Nothing was sent, and why is shown: it can be confirmed again."""
        self._sent = False
        self.void_name()
        self.last_key.again()
        self.refresh_bindings()


def _to_read(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """What has to be read: all but the age."""
    return tuple((label, "" if label == _AGE else value) for label, value in facts)
