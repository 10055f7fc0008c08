"""From the calls of a forced resync to the account of them, and the same again for what is left."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.domain.basis import drift, told
from tui.domain.engine import Connection
from tui.ops.bulk import BulkRun
from tui.ops.bulk_plan import BulkPlan
from tui.ops.present import present
from tui.ops.proposal import Proposal
from tui.ops.resync_account import UNKNOWN, ResyncAccount
from tui.ops.resync_plan import as_rest, in_turn, renewed
from tui.store.snapshot import Topic
from tui.store.store import Store
from tui.ui.desk import Desk
from tui.ui.modals.bulk import BulkReviewDialog
from tui.ui.modals.resync_progress import ResyncProgressDialog

if TYPE_CHECKING:
    from tui.ui.app import SyncdeckApp

_TWICE = "Of these calls nobody knows whether they were carried out: sent again, they may be done twice."


def review_in_turn(
    app: "SyncdeckApp",
    desk: Desk,
    calls: tuple[Proposal, ...],
    begun: Callable[[], object] = lambda: None,
    *,
    note: str = "",
    earlier: ResyncAccount | None = None,
) -> None:
    """Open the review; once it is confirmed, call `begun` and show the progress.

    What the form showed is what is reviewed first; `earlier` is the account of the runs that left these
    calls, and what is left is reviewed on the connection as it is known now.
    """

    def replan(_keys: object) -> BulkPlan | str:
        assert desk.core is not None  # noqa: S101 - a form that plans has one
        return _anew(calls, desk.core.store, note)

    def confirmed(run: BulkRun | None) -> None:
        if run is not None:
            begun()
            assert desk.resync is not None  # noqa: S101 - the run that was begun is in its account
            show_resync(app, desk, desk.resync)

    planned = in_turn(calls, note) if earlier is None else replan(())
    if isinstance(planned, BulkPlan):
        app.push_screen(BulkReviewDialog(desk, planned, replan), confirmed)
    elif app.deck is not None:
        app.deck.notice(planned)


def show_resync(app: "SyncdeckApp", desk: Desk, account: ResyncAccount) -> None:
    """Show the account, also while it goes on; what is chosen to be sent is reviewed again."""

    def left(which: tuple[str, ...] | None) -> None:
        if which:
            note = _TWICE if UNKNOWN in which else ""
            calls = tuple(map(as_rest, account.again(which[0])))
            review_in_turn(app, desk, calls, note=note, earlier=account)
        elif account.current.is_over:
            desk.resync = None

    app.push_screen(ResyncProgressDialog(desk, account), left)


def _anew(calls: tuple[Proposal, ...], store: Store, note: str) -> BulkPlan | str:
    """The same calls on the connection as it is known now, with what of it has changed since."""
    known = present(store, calls[0].write)
    if known is not None and known.is_gone:
        return "the connection is no longer in the server's list: nothing can be sent"
    source = known.thing if known is not None and isinstance(known.thing, Connection) else None
    rests_on = store.snapshot(Topic.CONNECTIONS)
    fresh = tuple(renewed(one, source, rests_on) for one in calls)
    drifts = drift(calls[0].basis, fresh[0].basis) if calls[0].basis else ()
    changed = f"The connection has changed since: {told(drifts)}." if drifts else ""
    return in_turn(fresh, " ".join(filter(None, (note, changed))))
