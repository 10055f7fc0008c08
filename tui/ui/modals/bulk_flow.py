"""From marks to results: the review of a bulk plan, its progress, and the same again for a retry."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.ops.bulk import BulkRun
from tui.ops.bulk_plan import BulkPlan, Replan
from tui.ui.desk import Desk
from tui.ui.modals.bulk import BulkReviewDialog
from tui.ui.modals.bulk_progress import BulkProgressDialog

if TYPE_CHECKING:
    from tui.ui.app import SyncdeckApp


def review_all(
    app: "SyncdeckApp",
    desk: Desk,
    plan: BulkPlan,
    replan: Replan,
    started: Callable[[], object] = lambda: None,
) -> None:
    """Open the review; once it is confirmed, call `started` and show the progress."""

    def confirmed(run: BulkRun | None) -> None:
        if run is not None:
            started()
            app.push_screen(BulkProgressDialog(run), retried)

    def retried(keys: Sequence[str] | None) -> None:
        if not keys:
            return
        again = replan(keys)
        if isinstance(again, BulkPlan):
            review_all(app, desk, again, replan)
        elif app.deck is not None:
            app.deck.notice(again)

    app.push_screen(BulkReviewDialog(desk, plan, replan), confirmed)
