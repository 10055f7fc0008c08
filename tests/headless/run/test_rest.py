"""L3: a `run` on several targets that is killed in the middle, and what the next one says and offers."""

import json
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.drivers.command import Run, started, syncdeck
from tests.drivers.simulator import RunningSimulator
from tui.cli.main import main
from tui.paths import trail_path


def records(kind: str = "") -> list[dict[str, Any]]:
    lines = map(json.loads, trail_path("sim").read_text().splitlines())
    return [one for one in lines if kind in ("", one["record"])]


def killed(erp: RunningSimulator, *settings: str) -> list[str]:
    """Toggle four extensions; SIGKILL while the second is on its way. Their identifiers."""
    four = list(erp.world.jtl.extensions)[:4]
    erp.fault(f"PATCH .*/{four[1]}=hang*1")
    running = started("run", "extension.toggle", *four, *settings, "--yes")
    erp.wait_received("PATCH", four[1])
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=30)
    erp.clear_log()
    return four


def patched(erp: RunningSimulator) -> list[str]:
    return [one["path"].rpartition("/")[2] for one in erp.received("PATCH")]


def rewritten(change: Callable[[dict[str, Any]], object]) -> None:
    """The trail as it would be if its plan had been another one."""
    lines = records()
    for one in lines:
        if one["record"] == "plan":
            change(one)
    trail_path("sim").write_text("".join(json.dumps(one) + "\n" for one in lines))


def test_l3_the_plan_is_recorded_before_the_first_write(erp: RunningSimulator, run: Run) -> None:
    two = list(erp.world.jtl.extensions.values())[:2]
    run("extension.toggle", *(one.id for one in two), "--set", "status=disabled", "--yes")
    plan, *attempts = records()[0], *records("attempt")
    assert plan["record"] == "plan"
    assert plan["targets"] == [one.id for one in two]
    assert plan["target_names"] == [one.extension_id for one in two]
    assert (plan["operation"], plan["settings"]) == ("extension.toggle", ["status=disabled"])
    assert (plan["profile"], plan["system"]) == ("sim", "jtl")
    assert plan["address"] == attempts[0]["address"]
    assert [one["plan"] for one in attempts] == [plan["id"]] * 2
    assert [(one["id"], one["result"]) for one in records("plan-end")] == [(plan["id"], "over")]


def test_an_option_may_stand_between_operation_and_target(erp: RunningSimulator, run: Run) -> None:
    done = run("extension.toggle", "--dry-run", next(iter(erp.world.jtl.extensions)))
    assert (done.code, patched(erp)) == (0, [])
    assert "Request" in done.out


def test_l3_one_target_alone_has_no_plan(erp: RunningSimulator, run: Run) -> None:
    run("extension.toggle", next(iter(erp.world.jtl.extensions)), "--yes")
    assert [one["record"] for one in records()] == ["attempt", "outcome"]


def test_l3_what_a_killed_run_never_sent_is_said_and_sent_by_rest(
    erp: RunningSimulator, run: Run
) -> None:
    four = killed(erp)
    plan = records("plan")[0]["id"][:8]
    said = run("extension.toggle", four[0], "--dry-run").err
    assert "ended before 2 of 4 targets were sent" in said
    assert f"syncdeck run --rest {plan} --profile sim reviews them" in said
    assert patched(erp) == []
    done = run("--rest", plan, "--yes")
    assert done.code == 0
    assert patched(erp) == four[2:]
    assert f"and {four[0]}" not in done.out
    again = run("--rest", plan, "--yes")
    assert (again.code, patched(erp)) == (2, four[2:])
    resumed = records("plan")[1]
    assert f"was resumed at {resumed['time'][:16].replace('T', ' ')} UTC by" in again.err
    assert f"as '{resumed['id'][:8]}', and ended at" in again.err
    assert "ended before" not in run("extension.toggle", four[0], "--dry-run").err


def test_l3_a_bulk_that_ended_is_never_offered_whatever_came_after_it(
    erp: RunningSimulator, run: Run
) -> None:
    first, second, third = list(erp.world.jtl.extensions)[:3]
    assert run("extension.toggle", first, second, "--yes").code == 0
    assert run("extension.toggle", third, "--yes").code == 0
    erp.clear_log()
    plan = records("plan")[0]["id"][:8]
    assert "ended before" not in run("extension.toggle", first, "--dry-run").err
    refused = run("--rest", plan, "--yes")
    assert (refused.code, patched(erp)) == (2, [])


def test_l3_nothing_of_a_rest_is_sent_without_confirmation(erp: RunningSimulator, run: Run) -> None:
    killed(erp)
    plan = records("plan")[0]["id"][:8]
    assert run("--rest", plan).code == 2
    assert run("--rest", plan, "--dry-run").code == 0
    assert patched(erp) == []
    assert "ended before" in run("--rest", plan, "--dry-run").out + main_audit()


def main_audit(*arguments: str) -> str:
    return syncdeck("audit", *arguments, "--profile", "sim").out


def test_l3_audit_names_what_was_never_sent(erp: RunningSimulator) -> None:
    four = killed(erp)
    names = [erp.world.jtl.extensions[key].extension_id for key in four[2:]]
    assert "ended before 2 of 4 targets were sent" in main_audit()
    assert "ended before 2 of 4 targets were sent" in main_audit("verify")
    (unsent,) = json.loads(main_audit("--json"))["unsent"]
    assert unsent["targets"] == [
        {"id": key, "name": name} for key, name in zip(four[2:], names, strict=True)
    ]


def test_l3_a_declined_offer_does_not_come_again(erp: RunningSimulator, run: Run) -> None:
    four = killed(erp)
    assert run("--drop-rest", records("plan")[0]["id"][:8]).code == 0
    assert "ended before" not in run("extension.toggle", four[0], "--dry-run").err
    assert "ended before" not in main_audit()


def test_l3_what_is_older_than_a_day_is_said_but_not_offered(erp: RunningSimulator, run: Run) -> None:
    four = killed(erp)
    old = (datetime.now(UTC) - timedelta(hours=25)).isoformat(timespec="milliseconds")
    rewritten(lambda plan: plan.update(time=old.replace("+00:00", "Z")))
    said = run("extension.toggle", four[0], "--dry-run").err
    assert "ended before 2 of 4 targets were sent" in said
    assert "older than 24 hours" in said
    assert run("--rest", records("plan")[0]["id"][:8], "--yes").code == 2
    assert patched(erp) == []


def test_l3_a_plan_for_another_server_is_not_offered(erp: RunningSimulator, run: Run) -> None:
    killed(erp)
    rewritten(lambda plan: plan.update(address="https://elsewhere.example/erp"))
    done = run("--rest", records("plan")[0]["id"][:8], "--yes")
    assert done.code == 2
    assert "it was sent to https://elsewhere.example/erp" in done.err
    assert patched(erp) == []


def test_l3_a_plan_of_another_host_is_not_offered(erp: RunningSimulator, run: Run) -> None:
    killed(erp)
    rewritten(lambda plan: plan.update(host="elsewhere"))
    done = run("--rest", records("plan")[0]["id"][:8], "--yes")
    assert done.code == 2
    assert "whether it still runs on elsewhere cannot be seen from here" in done.err


def test_l3_a_plan_whose_process_runs_is_no_rest(erp: RunningSimulator, run: Run) -> None:
    four = killed(erp)
    rewritten(lambda plan: plan.update(pid=os.getppid(), process=""))
    assert "ended before" not in run("extension.toggle", four[0], "--dry-run").err


def test_l3_another_process_with_the_same_number_hides_nothing(erp: RunningSimulator, run: Run) -> None:
    four = killed(erp)
    rewritten(lambda plan: plan.update(pid=os.getppid()))
    assert "ended before 2 of 4" in run("extension.toggle", four[0], "--dry-run").err


def test_l3_a_plan_cut_short_by_the_kill_was_never_begun(erp: RunningSimulator, run: Run) -> None:
    four = killed(erp)
    path: Path = trail_path("sim")
    whole = path.read_text().splitlines()[0]
    path.write_text(whole[: len(whole) // 2])
    assert "ended before" not in run("extension.toggle", four[0], "--dry-run").err
    assert main(["audit", "verify", "--profile", "sim"]) == 1


def test_l3_an_unreadable_line_after_the_plan_is_said(erp: RunningSimulator, run: Run) -> None:
    four = killed(erp)
    with trail_path("sim").open("a") as file:
        file.write('{"record":"att\n')
    said = run("extension.toggle", four[0], "--dry-run").err
    assert "an unreadable line of the audit trail may be one of them" in said


REST = list(range(1500, 1700))
SURE = ("--yes", "--profile", "sim")


def killed_in(erp: RunningSimulator, sources: str, *, call: int) -> tuple[str, list[Path]]:
    """A resync of 1,400 keys of each source, killed while that call is on its way; plan and files."""
    running = started("run", "force-resync", *sources, "--set", "keys=1-1400", *SURE)
    erp.wait_received("POST", "Resync", call)
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=30)
    erp.clear_faults()
    plan = records("plan")[0]
    return plan["id"][:8], [Path(one) for one in plan["rest_files"]]


def test_l3_a_resync_in_several_calls_leads_to_its_key_file(erp: RunningSimulator, run: Run) -> None:
    erp.fault("POST .*Resync=hang")
    plan, (file,) = killed_in(erp, "1", call=1)
    assert file.read_text().count("\n") > 900
    offer = f"calls were sent: syncdeck run --rest {plan} --profile sim reviews them; their keys are"
    assert f"ended before 2 of 3 {offer} kept in {file}" in main_audit()
    # Sent in another way, they are no rest.
    assert run("force-resync", "1", "--set", "keys=501-1000", *SURE).code == 0
    assert "ended before 400 keys were sent" in main_audit()
    assert run("force-resync", "1", "--set", f"keys=@{file}", *SURE).code == 0
    assert "ended before" not in main_audit()
    assert not file.exists()
    assert run("--rest", plan, *SURE).code == 2


def test_a_source_of_which_every_call_was_sent_is_left_out(erp: RunningSimulator, run: Run) -> None:
    erp.fault("POST .*Resync=slow:0*2")
    erp.fault("POST .*Resync=hang")
    plan, (first, second) = killed_in(erp, "12", call=3)
    assert str(second) in main_audit()
    assert str(first) not in main_audit()
    erp.clear_log()
    assert run("--rest", plan, *SURE).code == 0
    assert calls(erp) == [(2, 1, 500), (2, 501, 1000), (2, 1001, 1400)]
    assert "ended before" not in main_audit()


def lost(erp: RunningSimulator, run: Run, *more: str) -> tuple[str, Path]:
    """700 keys in two calls, of which the first has no response; the id of the plan and the file."""
    erp.fault("ForceResync=lost*1")
    assert run("force-resync", "1", "--set", "keys=1000-1699", *more, *SURE).code == 1
    erp.clear_log()
    plan = records("plan")[0]
    return plan["id"][:8], Path(plan["rest_files"][0])


def resynced(erp: RunningSimulator) -> list[int]:
    return [key for one in erp.received("POST", "Resync") for key in one["body"]["InternalKeyIds"]]


def test_keys_that_a_failure_held_back_are_offered_until_they_are_sent(
    erp: RunningSimulator, run: Run
) -> None:
    plan, file = lost(erp, run, "--set", "blanks=overwrite")
    offer = f"ended before 200 keys were sent: syncdeck run --rest {plan} --profile sim"
    assert offer in main_audit()
    assert offer in main_audit("verify")
    assert json.loads(main_audit("--json"))["unsent"][0]["keys"] == 200
    said = syncdeck("handover", "--profile", "sim").out
    assert f"200 keys not sent · `syncdeck run --rest {plan} --profile sim`" in said
    assert offer in run("force-resync", "1", "--set", "keys=1", "--dry-run").err
    done = run("--rest", plan, *SURE)
    assert (done.code, resynced(erp), file.exists()) == (0, REST, False)
    assert erp.received("POST", "Resync")[-1]["path"].endswith("/ForceResync")
    assert "ended before" not in main_audit()
    assert run("--rest", plan, *SURE).code == 2
    # Other keys settle nothing of those whose call had no response.
    said = syncdeck("handover", "--profile", "sim").out
    assert "Nothing is unfinished" not in said
    assert "unknown" in said.partition("Unfinished")[2]


def test_a_rest_that_fails_again_is_kept_in_the_same_file(erp: RunningSimulator, run: Run) -> None:
    plan, file = lost(erp, run)
    erp.fault("ForceResync=status:429*1")
    assert run("--rest", plan, *SURE).code == 3
    later = records("plan")[1]
    assert (later["resumes"][:8], later["rest_files"]) == (plan, [str(file)])
    said = main_audit()
    assert f"ended before 200 keys were sent: syncdeck run --rest {later['id'][:8]}" in said
    assert plan not in said
    assert run("--rest", later["id"][:8], *SURE).code == 0
    assert (resynced(erp), file.exists()) == (REST * 2, False)


def test_keys_in_doubt_stay_in_the_file_of_a_rest(erp: RunningSimulator, run: Run) -> None:
    plan, file = lost(erp, run)
    before = [line for line in file.read_text().splitlines() if "unknown" in line]
    erp.fault("ForceResync=status:429*1")
    assert run("--rest", plan, *SURE).code == 3
    assert "1000-1499" in before[0]
    assert before[0] in file.read_text().splitlines()


def test_keys_are_offered_however_old_they_are_and_can_be_dropped(
    erp: RunningSimulator, run: Run
) -> None:
    plan, file = lost(erp, run)
    rewritten(lambda plan: plan.update(time="2026-01-02T03:04:05.000Z"))
    assert run("--rest", plan, "--dry-run").code == 0
    assert run("--drop-rest", plan).code == 0
    assert "ended before" not in main_audit()
    assert file.read_text().splitlines()[-1] == "1699"


def test_keys_that_were_sent_by_hand_are_no_rest(erp: RunningSimulator, run: Run) -> None:
    _, file = lost(erp, run)
    assert run("force-resync", "1", "--set", "keys=1500-1509", *SURE).code == 0
    assert "ended before 190 keys were sent" in main_audit()
    assert run("force-resync", "2", "--set", f"keys=@{file}", *SURE).code == 0
    assert "ended before 190 keys were sent" in main_audit()
    assert run("force-resync", "1", "--set", f"file={file}", *SURE).code == 0
    assert "ended before" not in main_audit()
    assert not file.exists()


def test_a_file_that_was_removed_keeps_no_key_in_another_one(erp: RunningSimulator, run: Run) -> None:
    _, file = lost(erp, run)
    erp.fault("ForceResync=lost*1")
    assert run("force-resync", "1", "--set", "keys=3000-3699", *SURE).code == 1
    Path(records("plan")[-1]["rest_files"][0]).unlink()
    assert run("force-resync", "1", "--set", f"file={file}", *SURE).code == 0
    assert not file.exists()


def lost_of_two(erp: RunningSimulator, run: Run) -> tuple[str, list[Path]]:
    """As `lost`, of two sources: 200 keys of the first one are left, and 700 of the second."""
    erp.fault("ForceResync=lost*1")
    keys = ("--set", "keys=1000-1699", "--set", "blanks=overwrite")
    assert run("force-resync", "1", "2", *keys, *SURE).code == 1
    erp.clear_log()
    plan = records("plan")[0]
    return plan["id"][:8], [Path(one) for one in plan["rest_files"]]


def calls(erp: RunningSimulator) -> list[tuple[int, int, int]]:
    """Connection, first and last key of each."""
    bodies = [one["body"] for one in erp.received("POST", "Resync")]
    found = [(one["ErpConnectionId"], one["InternalKeyIds"]) for one in bodies]
    return [(connection, keys[0], keys[-1]) for connection, keys in found]


def test_the_keys_of_several_sources_are_sent_each_to_its_own(erp: RunningSimulator, run: Run) -> None:
    plan, files = lost_of_two(erp, run)
    offer = f"900 keys were sent: syncdeck run --rest {plan} --profile sim reviews them"
    assert f"{offer}; their keys are kept in {files[0]}, {files[1]}" in main_audit()
    done = run("--rest", plan, *SURE)
    assert done.code == 0, done.err
    assert calls(erp) == [(1, 1500, 1699), (2, 1000, 1499), (2, 1500, 1699)]
    assert not any(one.exists() for one in files)
    assert "ended before" not in main_audit()


def test_of_several_sources_only_what_is_left_is_sent(erp: RunningSimulator, run: Run) -> None:
    plan, (first, second) = lost_of_two(erp, run)
    assert run("force-resync", "1", "--set", f"keys=@{first}", *SURE).code == 0
    said = main_audit()
    assert "700 keys were sent: " in said
    assert str(first) not in said
    erp.fault("ForceResync=status:429*1")
    assert run("--rest", plan, *SURE).code == 3
    later = records("plan")[-1]
    assert later["rest_files"] == [str(second)]
    erp.clear_log()
    assert run("--rest", later["id"][:8], *SURE).code == 0
    assert calls(erp) == [(2, 1000, 1499), (2, 1500, 1699)]


def test_targets_that_a_failure_held_back_are_offered(erp: RunningSimulator, run: Run) -> None:
    three = list(erp.world.jtl.extensions)[:3]
    erp.fault(f"PATCH .*/{three[1]}=status:429*1")
    assert run("extension.toggle", *three, "--yes").code == 3
    plan = records("plan")[0]["id"][:8]
    assert "ended before 1 of 3 targets were sent" in main_audit()
    erp.clear_log()
    assert run("--rest", plan, "--yes").code == 0
    assert patched(erp) == three[2:]
    assert "ended before" not in main_audit()


def test_a_target_that_was_changed_since_is_no_rest(erp: RunningSimulator, run: Run) -> None:
    three = list(erp.world.jtl.extensions)[:3]
    erp.fault(f"PATCH .*/{three[0]}=status:429*1")
    assert run("extension.toggle", *three, "--yes").code == 3
    assert run("extension.toggle", three[2], "--yes").code == 0
    assert "ended before 1 of 3 targets were sent" in main_audit()
    assert run("extension.toggle", three[1], "--yes").code == 0
    assert "ended before" not in main_audit()


def test_l3_where_the_plan_cannot_be_recorded_nothing_is_sent(erp: RunningSimulator, run: Run) -> None:
    trail_path("sim").parent.mkdir(parents=True, exist_ok=True)
    trail_path("sim").mkdir()
    two = list(erp.world.jtl.extensions)[:2]
    done = run("extension.toggle", *two, "--yes")
    assert done.code == 2
    assert "the audit trail cannot be written" in done.out
    assert patched(erp) == []
