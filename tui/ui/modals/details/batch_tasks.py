"""The tenant's current batch tasks; those created after a batch resync are marked.

The API returns no task id for a resync, so *possibly yours* is all that can be shown.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.api.errors import ErpError, NotFound, NotOffered
from tui.domain.profile import System
from tui.domain.superoffice.batch_tasks import BatchTask
from tui.domain.text import one_line
from tui.session.session import Session
from tui.ui.modals.dialog import READING
from tui.ui.modals.query_dialog import AskingDialog
from tui.ui.widgets.fact_list import Fact, Facts

_SIGNS = {
    "New": "·",
    "Aquired": "·",
    "Started": "→",
    "Succeeded": "✔",
    "SucceededManualCleanup": "✔",
    "Failed": "✖",
}
_MOST = 200


class BatchTasksDialog(AskingDialog):
    """Reads the Batch agent; `r` reads it again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "ask", "refresh"),
        *READING,
    ]

    def __init__(self, session: Session) -> None:
        super().__init__("Batch tasks", session)

    def compose_body(self) -> ComposeResult:
        yield Facts((("", "nothing received yet"),))

    def on_mount(self) -> None:
        self.action_ask()

    @work(group="batch", exclusive=True, exit_on_error=False)
    async def action_ask(self) -> None:
        tasks = await self.answer_to(lambda service: service.superoffice.batch_tasks())
        if tasks is None:
            return
        now, asked_at = self._session.now(System.SUPEROFFICE), self._session.batch_asked_at
        self.query_one(Facts).show(batch_facts(tasks, asked_at, now))
        self.call_after_refresh(self._fit_body)

    def failure_message(self, error: ErpError) -> tuple[str, str]:
        """A missing Batch agent is reported as such."""
        if isinstance(error, NotFound | NotOffered):
            return f"the Batch agent is not available here: {error.sentence}", "warning"
        return super().failure_message(error)


def batch_facts(tasks: Sequence[BatchTask], asked_at: datetime | None, now: datetime) -> Iterator[Fact]:
    """The tasks: possibly yours first, then the newest; `asked_at` and `now` by the server's clock."""
    yield "Response at", f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if asked_at is None:
        yield "Yours", "no batch resync was sent in this session"
    else:
        yield "Yours", f"your first batch resync was sent at {asked_at:%H:%M:%S} UTC; no id came back"
    if not tasks:
        yield "", "the server lists no batch task"
    order = sorted(tasks, key=lambda one: (not one.may_be_of(asked_at), _newest(one)))
    for one in order[:_MOST]:
        yield "", ""
        yield from _task(one, asked_at, now)
    if len(order) > _MOST:
        yield "", f"and {len(order) - _MOST} more"


def _newest(task: BatchTask) -> float:
    return -task.since.at.timestamp() if task.since.at is not None else 0.0


def _task(task: BatchTask, asked_at: datetime | None, now: datetime) -> Iterator[Fact]:
    if task.problem is not None:
        yield "? task", f"{task.id}: row unreadable: {task.problem}"
        return
    mark = {True: " · possibly yours", None: " · unknown whether it is yours"}
    state = task.state or "not reported"
    percent = "" if task.percent is None else f" {task.percent}%"
    yours = mark.get(task.may_be_of(asked_at), "")
    yield (
        f"{_SIGNS.get(state, '?')} {state}{percent}",
        f"{one_line(task.name) or 'task'} {task.id}{yours}",
    )
    if task.description:
        yield "", one_line(task.description)
    if task.result:
        yield "", f"result: {one_line(task.result)}"
    yield "", f"created {task.created.full(now)} · last started {task.last_started.full(now)}"
