"""Every state as the simulator reports it over HTTP is explained; each list is read once."""

import asyncio

import pytest

from tests.drivers.simulator import RunningSimulator
from tui.config.file import read
from tui.domain.elapsed import utc_now
from tui.domain.why.explain import why
from tui.domain.why.explanation import Why
from tui.headless.history.recorded import Recorded
from tui.headless.why.output import as_text
from tui.headless.why.read import read_known
from tui.history.memory import MemoryHistory
from tui.launch import RunOptions
from tui.paths import config_path
from tui.session.why.gather import facts_of
from tui.session.why.known import subjects
from tui.wiring import build_service


def explained() -> dict[str, Why]:
    async def ask() -> dict[str, Why]:
        profile = build_service(read(config_path()), "sim", RunOptions())
        try:
            known = await read_known(profile, Recorded("sim", MemoryHistory()), utc_now)
        finally:
            await profile.service.aclose()
        return {one.name: why(facts_of(known, one)) for one in subjects(known.store)}

    return asyncio.run(ask())


def test_every_state_of_the_rows(erp: RunningSimulator) -> None:
    for number, sync in enumerate(erp.world.jtl.syncs.values()):
        sync.phase.state, sync.phase.text = number, "words"
    for number, row in enumerate(erp.world.jtl.extensions.values()):
        row.status = number
    found = explained()
    assert len(found) > 20
    for answer in found.values():
        ids = [one.id for one in answer.explanations]
        assert ids
        assert "not-explained" not in ids
        assert answer.is_wrong or not answer.verdict.needs_attention


def test_people_read_the_same_in_80_columns(erp: RunningSimulator) -> None:
    for name, answer in explained().items():
        lines = list(as_text(answer, name, "sim", utc_now(), 80))
        assert all(len(line) <= 80 for line in lines), lines
        words = " ".join(" ".join(lines).split())
        for one in answer.explanations:
            assert one.sentence[1:] in words
            assert f"({one.certainty})" in words
            assert all(step.text in words for step in one.steps)
            assert not one.worked or f"it worked when {one.worked}" in words


@pytest.mark.parametrize(
    "kind",
    ["status:400", "status:401", "status:402", "forbidden", "status:404", "status:405", "status:409",
     "status:412", "status:418", "status:429", "status:500", "status:503", "421", "html", "null",
     "empty", "message", "broken-json", "redirect-login", "wrong-types", "reset", "truncated"],
)  # fmt: skip
def test_every_failure_of_the_lists(erp: RunningSimulator, kind: str) -> None:
    """Of reads; logins work."""
    erp.fault(f"/workers|/extensions|ErpSync={kind}")
    for answer in explained().values():
        ids = [one.id for one in answer.explanations]
        assert ids
        assert "not-explained" not in ids, (kind, answer)
        if answer.verdict.needs_attention:
            assert all(one.steps and one.worked for one in answer.explanations[:1]), answer
