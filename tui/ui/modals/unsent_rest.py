"""Offers what an interrupted bulk never sent; it is reviewed on its own screen, like every bulk."""

from collections.abc import Iterator
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.text import counted, one_line
from tui.ops.execution.plan_record import OVERTAKEN
from tui.paths import shown
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.fact_list import Fact, Facts

if TYPE_CHECKING:
    from tui.session.session import Session
    from tui.session.unsent_rest import UnsentRest
    from tui.ui.screens.marking import MarkedListScreen
    from tui.ui.screens.tab_screen import TabScreen

_PAUSE = 0.05
"""Seconds."""
_LOOK_EVERY = 5.0
"""Seconds between two readings of the audit trail."""
_BULKS = ("worker.start", "worker.stop", "worker.restart", "worker.configure", "extension.toggle")
_TABS = {"worker": "workers", "extension": "extensions", "engine": "engine"}
"""The screens on which a rest can be reviewed, by the first word of an operation."""


class RestChoice(Enum):
    REVIEW = "review it"
    DECLINE = "do not offer it again"


class UnsentRestDialog(Dialog[RestChoice | None]):
    """None: later; it is offered again at the next start, the keys of a resync also by its own key."""

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"end"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "end('REVIEW')", "review the rest"),
        Binding("d", "end('DECLINE')", "do not offer again"),
        *READING,
    ]

    def __init__(self, session: "Session", rest: "UnsentRest") -> None:
        super().__init__(f"Not sent · {rest.title}")
        self._session = session
        self.rest = rest
        """As the audit trail has it now."""
        self._is_gone = False

    def compose_body(self) -> ComposeResult:
        yield Facts(self._facts())

    def on_mount(self) -> None:
        """Read the audit trail again, and from time to time: another console may take the rest."""
        self._session.trail.again()
        self.repeat(_LOOK_EVERY, self._session.trail.again)

    def follow(self) -> None:
        """Show what is left of it now; nothing is offered where that is nothing."""
        unsent = self._session.bulks.unsent()
        now = next((one for one in unsent if one.plan.id == self.rest.plan.id), None)
        self._is_gone = now is None or not can_be_reviewed(now)
        if self._is_gone:
            self.trouble(OVERTAKEN if now is None else now.words, "warning")
        elif now is not None and now != self.rest:
            self.rest = now
            self.query_one(Facts).show(self._facts())
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "end":
            return not self._is_gone
        return super().check_action(action, parameters)

    def _facts(self) -> tuple[Fact, ...]:
        plan = self.rest.plan
        age = self._session.age_since(plan.at)
        doubt = (
            "An unreadable line of the audit trail may be one of them." if self.rest.is_doubtful else ""
        )
        return (
            ("", f"Ended before {plan.left} were sent."),
            *([("Warning", doubt)] if doubt else []),
            ("Started", f"{plan.at:%Y-%m-%d %H:%M} UTC, {age}, by {one_line(plan.user) or '–'}"),
            ("Server", one_line(plan.address)),
            *([("Settings", one_line(", ".join(plan.settings)))] if plan.settings else []),
            ("", ""),
            *self._never_sent(),
        )

    def _never_sent(self) -> Iterator[Fact]:
        plan = self.rest.plan
        if plan.rest_file is not None:
            yield "Kept in", one_line(shown(plan.rest_file))
            source = plan.target_names[0].rpartition(" · ")[2] if plan.target_names else plan.targets[0]
            yield "Source", one_line(source)
            return
        yield "Never sent", counted(len(plan.unsent), "target")
        yield from (("", one_line(name)) for _, name in plan.unsent)

    def action_end(self, choice: str) -> None:
        """Close; a key that was typed ahead chooses nothing, nor one before the list is read."""
        if choice == RestChoice.REVIEW.name and not self._is_listed():
            self.trouble("the targets are not read yet: press r again in a moment", "warning")
            return
        self.take_key(partial(self.dismiss, RestChoice[choice]), "press r or d")

    def _is_listed(self) -> bool:
        from tui.ops.operations.kinds import writing_kind
        from tui.ops.operations.registry import OPERATIONS

        topics = writing_kind(OPERATIONS[self.rest.plan.operation]).topics
        known = [self._session.snapshot(topic) for topic in topics]
        return all(one.data is not None or one.error is not None for one in known)


def review_rest(screen: "MarkedListScreen[Any]", rest: "UnsentRest") -> None:
    """Open the review of its targets as if they were marked; or show why there is none."""
    from tui.ops.operations.registry import OPERATIONS
    from tui.session.selection import Selection

    plan, session = rest.plan, screen.session
    if not screen.has_rows_of([key for key, _ in plan.unsent]):
        # The screen may have been opened for this, and makes its rows a slice at a time.
        screen.set_timer(_PAUSE, partial(review_rest, screen, rest))
        return
    operation = OPERATIONS[plan.operation]
    selection = Selection(marks=frozenset(key for key, _ in plan.unsent))
    args = tuple((name, text) for name, _, text in (one.partition("=") for one in plan.settings))
    session.bulks.resumed = plan
    refusal = screen.refusal(operation, selection.marks)
    if refusal is None and args:
        refusal = screen.review_with_args(operation, args, selection)
    elif refusal is None:
        refusal = screen.do(operation.id, selection)
    if refusal:
        session.bulks.resumed = None
        screen.notice(f"{rest.title}: {refusal}")


def review_keys(screen: "TabScreen", rest: "UnsentRest") -> None:
    """Open the review of the keys in its file; or show why there is none."""
    from tui.ops.operations.registry import OPERATIONS
    from tui.ops.refusal import Refusal
    from tui.ops.targets.lookup import find_target
    from tui.ops.text_commands.parameter_values import Wrong
    from tui.ops.text_commands.proposal_from_text import Unchanged, propose_calls
    from tui.store.snapshot import Topic

    operation, session = OPERATIONS[rest.plan.operation], screen.session
    refusal = session.refusal(operation) or ""
    target = find_target(operation, rest.targets[0], session.store)
    if isinstance(target, Refusal):
        refusal = refusal or target.sentence
    elif not refusal:
        seen = session.snapshot(Topic.CONNECTIONS)
        try:
            args = rest.parts[0][1]
            calls = propose_calls(operation, target, args, session.store, session.clock(), seen)
        except Wrong as problem:
            refusal = str(problem)
        else:
            session.bulks.resumed = rest.plan
            refusal = "" if isinstance(calls, Unchanged) else screen.review_in_turn(calls)
    if refusal:
        session.bulks.resumed = None
        screen.notice(f"{rest.title}: {refusal}")


def tab_of(rest: "UnsentRest") -> str:
    """The screen on which its targets are marked."""
    return _TABS[rest.plan.operation.partition(".")[0]]


def has_keys(rest: "UnsentRest") -> bool:
    """Whether it is of a resync, and its keys can be reviewed here."""
    return rest.plan.rest_file is not None and not rest.obstacle


def can_be_reviewed(rest: "UnsentRest") -> bool:
    """Whether it can be reviewed in the console, and nothing of its settings is missing."""
    is_bulk = rest.plan.operation in _BULKS and not rest.obstacle and not rest.withheld
    return is_bulk or has_keys(rest)
