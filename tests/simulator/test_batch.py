"""The simulated Batch agent: what a batch resync queued progresses beside the tasks of others."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tui.simulator import credentials
from tui.simulator.http_messages import Received
from tui.simulator.options import SimulateOptions
from tui.simulator.superoffice.batch import RUNS, WAITS
from tui.simulator.superoffice.routes import superoffice
from tui.simulator.world import World, born

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


class Tenant:
    """A world with a clock that a test moves."""

    def __init__(self, *, still: bool = False) -> None:
        self.now = START
        self.world: World = born(SimulateOptions(port=0, still=still), lambda: self.now)

    def ask(self, path: str, body: object) -> tuple[int, Any]:
        token = f"Bearer {credentials.SO_TOKEN}"
        headers = {"authorization": token, "so-timezone": "UTC, includeTZOffset"}
        request = Received(
            "POST", f"/Cust12345/api/v1/agents/{path}", "", headers, json.dumps(body).encode()
        )
        answer = superoffice(self.world, request)
        assert answer is not None
        return answer.status, answer.tree

    def tasks(self, state: str = "All") -> list[dict[str, Any]]:
        status, tree = self.ask("Batch/GetBatchTaskInfosByState", {"state": state})
        assert status == 200
        assert isinstance(tree, list)
        return tree

    def queue(self) -> None:
        status, _ = self.ask(
            "ErpSync/ForceResyncBatchTask", {"ErpConnectionId": 1, "InternalKeyIds": [5]}
        )
        assert status == 204


def test_a_batch_resync_becomes_a_task_that_goes_through_its_states() -> None:
    tenant = Tenant()
    others = {task["Id"] for task in tenant.tasks()}
    tenant.queue()

    def ours() -> tuple[str, int]:
        (task,) = (one for one in tenant.tasks() if one["Id"] not in others)
        assert task["Created"].startswith("2026-03-02T03:00:00")
        return task["State"], task["ProgressPercent"]

    assert ours() == ("New", 0)
    tenant.now += timedelta(seconds=WAITS + RUNS / 2)
    assert ours() == ("Started", 50)
    tenant.now += timedelta(seconds=RUNS)
    assert ours() == ("Succeeded", 100)


def test_in_a_world_that_stands_still_it_stays_where_it_is() -> None:
    tenant = Tenant(still=True)
    tenant.queue()
    first = tenant.tasks()
    tenant.now += timedelta(hours=1)
    assert tenant.tasks() == first
    assert first[-1]["State"] == "Started"


def test_tasks_of_one_state_alone_can_be_asked_for_and_an_unknown_method_is_404() -> None:
    tenant = Tenant()
    assert {task["State"] for task in tenant.tasks("failed")} == {"Failed"}
    assert tenant.ask("Batch/GetNothing", {})[0] == 404
