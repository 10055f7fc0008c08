"""What a hand-over says of the time before its shift."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.drivers.command import syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.session.reported import section
from tui.domain.result import Result
from tui.domain.writes import ConfigureWorker, FieldChange
from tui.ops.audit.file_trail import FileTrail
from tui.ops.audit.record import Attempt, Ending
from tui.paths import trail_path


async def test_an_unresolved_write_of_days_ago_is_handed_over(private_places: Path) -> None:
    with RunningSimulator(still=True) as erp:
        write_config(erp)
    for days, result in ((3, Result.UNKNOWN), (2, Result.APPLIED), (9, Result.UNKNOWN)):
        at = datetime.now(UTC) - timedelta(days=days)
        change = (FieldChange("Interval", "5m", "10m"),)
        write, name = ConfigureWorker(f"a{days}", "00:10:00"), f"Sync {days}"
        trail = FileTrail(trail_path("sim"))
        key = await trail.attempt(
            Attempt(at, "sim", "development", "worker.configure", write, change, name, "jtl", "")
        )
        await trail.outcome(key, Ending(at, result, "no answer", None, ""))
    said = syncdeck("handover").out
    assert ["Sync 3" in one for one in section(said, "Unfinished")] == [True]
    assert "Sync 2" not in said
    assert "Sync 3" not in syncdeck("report").out
