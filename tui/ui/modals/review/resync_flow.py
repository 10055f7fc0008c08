"""From the calls of a forced resync to their account, and the same again for the remaining calls."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.domain.baseline import differences_text, drift
from tui.domain.superoffice.engine import Connection
from tui.ops.execution.bulk_run import BulkRun
from tui.ops.execution.resync_report import UNKNOWN, ResyncAccount
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.bulk import BulkPlan
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import as_rest, in_turn, renewed
from tui.ops.refusal import Refusal
from tui.session.session import Session
from tui.store.snapshot import Topic
from tui.store.store import Store
from tui.ui.modals.review.bulk_review import BulkReviewDialog
from tui.ui.modals.review.resync_progress import ResyncProgressDialog

if TYPE_CHECKING:
    from tui.ui.host import AppHost

_TWICE = "Whether these calls took effect is unknown: sent again, they may be done twice."


def review_in_turn(
    app: "AppHost",
    session: Session,
    calls: tuple[Proposal, ...],
    begun: Callable[[], object] = lambda: None,
    *,
    note: str = "",
    earlier: ResyncAccount | None = None,
) -> None:
    """Open the review; once it is confirmed, call `begun` and show the progress.

    What the form showed is reviewed first. `earlier` is the account of the runs that left these calls;
    what is left is reviewed on the connection's current values.
    """

    def replan(_keys: object) -> BulkPlan | Refusal:
        return _replanned(calls, session.store, note)

    def confirmed(run: BulkRun | None) -> None:
        if run is None:
            session.bulks.resumed = None
        else:
            begun()
            assert session.resync is not None  # noqa: S101 - the run that was started is in its account
            show_resync(app, session, session.resync)

    planned = in_turn(calls, note) if earlier is None else replan(())
    if isinstance(planned, BulkPlan):
        app.push_screen(BulkReviewDialog(session, planned, replan), confirmed)
    elif app.tab_screen is not None:
        app.tab_screen.notice(planned.sentence)


def show_resync(app: "AppHost", session: Session, account: ResyncAccount) -> None:
    """Show the account, also while the resync goes on; calls to be sent again are reviewed again."""

    def left(which: tuple[str, ...] | None) -> None:
        if which:
            note = _TWICE if UNKNOWN in which else ""
            calls = tuple(map(as_rest, account.again(which[0])))
            review_in_turn(app, session, calls, note=note, earlier=account)
        elif account.current.is_over:
            session.resync = None

    app.push_screen(ResyncProgressDialog(session, account), left)


def _replanned(calls: tuple[Proposal, ...], store: Store, note: str) -> BulkPlan | Refusal:
    """The same calls on the current connection, with what changed of it since."""
    known = kind_of(calls[0].write).in_store(calls[0].write, store)
    if known is not None and known.is_gone:
        return Refusal("the connection is no longer in the server's list: nothing can be sent")
    source = known.row if known is not None and isinstance(known.row, Connection) else None
    rests_on = store.snapshot(Topic.CONNECTIONS)
    fresh = tuple(renewed(one, source, rests_on) for one in calls)
    drifts = drift(calls[0].baseline, fresh[0].baseline) if calls[0].baseline else ()
    changed = f"The connection has changed since: {differences_text(drifts)}." if drifts else ""
    return in_turn(fresh, " ".join(filter(None, (note, changed))))
