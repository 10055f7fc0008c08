"""From marks to results: the review of a bulk plan, its progress, and the same again for a retry."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.ops.execution.bulk_run import BulkRun
from tui.ops.proposals.bulk import BulkPlan, Replan
from tui.session.session import Session
from tui.ui.modals.review.bulk_progress import BulkProgressDialog
from tui.ui.modals.review.bulk_review import BulkReviewDialog

if TYPE_CHECKING:
    from tui.ui.host import AppHost


def review_all(
    app: "AppHost",
    session: Session,
    plan: BulkPlan,
    replan: Replan,
    started: Callable[[], object] = lambda: None,
) -> None:
    """Open the review; once it is confirmed, call `started` and show the progress."""

    def confirmed(run: BulkRun | None) -> None:
        if run is None:
            session.bulks.resumed = None
        else:
            started()
            app.push_screen(BulkProgressDialog(run), retried)

    def retried(keys: Sequence[str] | None) -> None:
        if not keys:
            return
        again = replan(keys)
        if isinstance(again, BulkPlan):
            review_all(app, session, again, replan)
        elif app.tab_screen is not None:
            app.tab_screen.notice(again.sentence)

    app.push_screen(BulkReviewDialog(session, plan, replan), confirmed)
