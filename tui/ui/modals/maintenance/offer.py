"""The offer at the start: a maintenance that was opened or closed only in part."""

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.maintenance.banner import banner
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.result import Result
from tui.domain.text import one_line
from tui.session.session import Session
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.modals.maintenance.open_list import can_go_on
from tui.ui.widgets.fact_list import Fact, Facts


class OfferChoice(Enum):
    GO_ON = "go on"
    CLOSE = "close it"


class MaintenanceOfferDialog(Dialog[OfferChoice | None]):
    """None: later; the banner stays, `M` does both, and the next start offers it again."""

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"end"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "end('GO_ON')", "go on"),
        Binding("c", "end('CLOSE')", "close it"),
        Binding("escape,f10", "leave", "later", key_display="esc"),
        *READING,
    ]

    def __init__(self, session: Session, one: Maintenance) -> None:
        self._is_unseen = _is_only_unseen(one)
        begun = "In doubt" if self._is_unseen else "Interrupted"
        super().__init__(f"{begun} · maintenance {one.name}")
        self._session, self._one = session, one

    def compose_body(self) -> ComposeResult:
        yield Facts(self._facts())

    def _facts(self) -> Iterator[Fact]:
        one = self._one
        if self._is_unseen:
            verb = "starts" if one.is_closing else "stops"
            yield "", f"Its {verb} were accepted, and not all were seen to work."
        else:
            begun = "Closing" if one.is_closing else "Opening"
            yield "", f"{begun} it was interrupted, or failed in part."
        yield "Now", banner(one, self._session.clock(), self._session.maintenance.seen_now)
        yield "Reason", one_line(one.reason)
        yield "Opened", f"{one.opened_at:%Y-%m-%d %H:%M} UTC by {one_line(one.user) or '–'}"
        if can_go_on(one):
            yield "Go on", "stops the rest; nothing that was noted changes"
        yield "Close it", "starts what it stopped, and nothing else"
        doubtful = [target for target in one.not_stopped if target.was_stopped]
        starting = [target for target in one.in_doubt if target.is_start_in_doubt]
        off = [target for target in one.off if target not in doubtful and target not in starting]
        yield from _group("Off", off)
        yield from _in_doubt("start", starting)
        yield from _in_doubt("stop", doubtful)
        yield from _group("Not stopped yet", [each for each in one.not_stopped if not each.was_stopped])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "end" and parameters == (OfferChoice.GO_ON.name,):
            return can_go_on(self._one)
        return super().check_action(action, parameters)

    def action_end(self, choice: str) -> None:
        """Close; a key that was typed ahead chooses nothing."""
        self.take_key(partial(self.dismiss, OfferChoice[choice]), "press the key again")


def _is_only_unseen(one: Maintenance) -> bool:
    """Whether all that is missing was accepted: then it may have been carried through to its end."""
    rest = (*one.not_stopped, *one.not_started, *one.in_doubt)
    return all(map(_is_accepted, rest))


def _is_accepted(target: NotedTarget) -> bool:
    return target.last is not None and target.last.result is Result.ACCEPTED


def _in_doubt(verb: str, targets: Sequence[NotedTarget]) -> Iterator[Fact]:
    taken = [one for one in targets if _is_accepted(one)]
    lost = [one for one in targets if one not in taken]
    yield from _group(f"In doubt: the {verb} was accepted, and not seen to work", taken)
    yield from _group(f"In doubt: the {verb} was sent, its result is unknown", lost)


def _group(label: str, targets: Sequence[NotedTarget]) -> Iterator[Fact]:
    if targets:
        yield "", ""
        yield f"{label}: {len(targets)}", ""
        yield from (("", one_line(one.name)) for one in targets)
