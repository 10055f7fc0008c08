"""What `W` asks: about which target, what the team wrote about it, and where its steps are run."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from tui.domain.history.records import Subject, SubjectKind
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.runbooks import Runbook
from tui.domain.superoffice.engine import Connection
from tui.domain.why.explanation import Why
from tui.frozen import frozen
from tui.ops.operations.operation import Operation, Scope
from tui.session.selection import Selection
from tui.session.why.known import THE_ENGINE, of_connection, of_extension, of_system, of_worker
from tui.session.why.team import runbooks_of
from tui.ui.host import ScreenHost

if TYPE_CHECKING:
    from tui.store.snapshot import Topic


class AskingScreen(ScreenHost, Protocol):
    """A full screen that lists targets or names them, or shows the engine."""

    HISTORY_OF: ClassVar[str]
    NAMES_TARGETS: ClassVar[bool]
    TOPICS: "ClassVar[tuple[Topic, ...]]"

    def show_target(self) -> None: ...
    def selection(self) -> Selection: ...
    def named_target(self) -> Subject | str: ...


class ListingScreen(AskingScreen, Protocol):
    def targets(self) -> Sequence[object] | None: ...
    def key_of(self, target: Any) -> str: ...


@frozen
class Question:
    screen: AskingScreen
    subject: Subject
    newest: Callable[[], Selection]
    """The row as it is listed now; of a system no row."""

    def can_run(self, operation: Operation) -> bool:
        """Whether the screen below has it; about a whole system, only what acts on no row."""
        is_about_row = operation.scope is not Scope.APP
        if is_about_row and self.subject.kind is SubjectKind.SYSTEM:
            return False
        return operation in self.screen.offered()

    def refusal(self, operation: Operation) -> str | None:
        """Why an operation is not allowed now, or None."""
        return self.screen.refusal(operation, frozenset())

    def run(self, operation_id: str) -> str:
        """Run an operation on the row as it is now; why it was refused, or empty."""
        return self.screen.do(operation_id, self.newest())

    def runbooks(self, why: Why) -> tuple[Runbook, ...]:
        """What the team wrote about it in its present state."""
        session = self.screen.session
        known = session.core.runbooks if session.core is not None else ()
        return runbooks_of(known, session.facts.name, why, session.store)


def question_of(screen: AskingScreen) -> Question | str:
    """About the row under the cursor or what it names, or its system where the list is empty; or why
    about neither."""
    if screen.HISTORY_OF == SubjectKind.ENGINE:
        return Question(screen, THE_ENGINE, screen.selection)
    if screen.NAMES_TARGETS:
        # What acts on the target itself is not run from a list of other things.
        named = screen.named_target()
        return named if isinstance(named, str) else Question(screen, named, Selection)
    listing = cast("ListingScreen", screen)
    listing.show_target()
    selection = listing.selection()
    if selection.targets:
        [row] = selection.targets
        refused = listing.missing(selection)
        return refused or Question(screen, subject_of(row), lambda: _newest(listing, selection))
    system = listing.TOPICS[0].system
    if listing.targets() or system not in listing.session.facts.systems:
        return selection.nothing
    return Question(screen, of_system(system), Selection)


def subject_of(row: object) -> Subject:
    match row:
        case Worker():
            return of_worker(row)
        case Connection():
            return of_connection(row)
        case Extension():
            return of_extension(row)
    raise AttributeError("a row of a kind that is explained")


def _newest(screen: ListingScreen, selection: Selection) -> Selection:
    """The same row as it is listed now; one that was removed stays as it was, and is refused."""
    [bound], key_of = selection.targets, screen.key_of
    newest = next((one for one in screen.targets() or () if key_of(one) == key_of(bound)), bound)
    return Selection((newest,), seen={topic: screen.session.snapshot(topic) for topic in screen.TOPICS})
