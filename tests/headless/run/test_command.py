"""`syncdeck run` over real HTTP: what the simulator received is what proves it."""

import errno
import io
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import Run, started, syncdeck, trail
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.ops.sent import sent
from tui.config.file import read
from tui.headless.run.command import RunRequest
from tui.headless.run.command import run as run_request
from tui.launch import RunOptions
from tui.wiring import build_core


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        running.state(jtl={"control_delay": 0})
        yield running


def test_a_stop_is_sent_once_watched_and_noted(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    done = run("worker.stop", "temu de", "--yes")
    assert done.code == 0, done.err
    (request,) = sent(erp)
    assert request["path"].endswith(erp.worker_id("Temu DE"))
    assert request["body"] == {"Action": 1}
    assert f"Target       Temu · Temu DE ({erp.worker_id('Temu DE')})\n" in done.out
    assert "Profile      sim · development" in done.out
    assert "even after a restart of the JTL-Worker" in done.out
    assert "Authorization: Bearer •••" in done.out
    assert erp.client_secret not in done.out
    assert done.out.splitlines()[-1] == "applied · Temu · Temu DE: now off"
    attempt, outcome, check = trail(private_places)
    assert (attempt["operation"], attempt["targets"]) == ("worker.stop", [erp.worker_id("Temu DE")])
    assert (outcome["result"], check["result"]) == ("accepted", "applied")


def test_settings_are_sent_as_they_were_given(erp: RunningSimulator, run: Run) -> None:
    settings = ["--set", "interval=10m", "--set", "stock reserve=7"]
    assert run("configure", "Temu · Temu DE", *settings, "--yes").code == 0
    (request,) = sent(erp)
    assert request["body"]["Interval"] == "00:10:00"
    assert [option["Value"] for option in request["body"]["Configs"]] == ["7"]


def test_a_dry_run_shows_it_and_sends_nothing(erp: RunningSimulator, run: Run) -> None:
    done = run("worker.stop", "Temu DE", "--dry-run", "--yes")
    assert done.code == 0
    assert f"PUT {erp.cloud_base}/v1/workers/{erp.worker_id('Temu DE')}" in done.out
    assert "this is a dry run" in done.err
    assert sent(erp) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["worker.stop", "Temu DE"], "without a terminal, --yes is needed"),
        (["delete", "de.muster.bundle-planer-2"], "--yes --profile sim is needed"),
        (["force-resync", "crm", "--set", "keys=670", "--yes"], "only together with --profile sim"),
        (["force-resync", "crm", "--yes"], "keys=everything to resync everything"),
        (["stp", "Temu DE", "--yes"], "there is no operation 'stp': did you mean stop"),
        (["details", "Temu DE", "--yes"], "there is no operation 'details'"),
        (["worker.stop", "Temu D", "--yes"], "there is no sync 'Temu D'; the nearest: Temu · Temu DE ("),
        (["worker.stop", "Temu DE", "temu · temu de", "--yes"], "are the same target; name it once"),
        (["worker.stop", "Temu DE", "nowhere", "--yes"], "there is no sync 'nowhere'"),
        (["configure", "Temu DE", "--set", "interval", "--yes"], "write --set KEY=VALUE"),
        (["configure", "Temu DE", "--set", "interval=5", "--yes"], "5 is ambiguous: write 5s, 5m or 5h"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said_and_nothing_is_sent(
    erp: RunningSimulator, run: Run, private_places: Path, arguments: list[str], said: str
) -> None:
    done = run(*arguments)
    assert done.code == 2, done.out
    assert said in done.err
    assert sent(erp) == []
    assert trail(private_places) == []


def test_two_of_one_name_are_told_with_their_identifiers(erp: RunningSimulator, run: Run) -> None:
    for sync in erp.world.jtl.syncs.values():
        if sync.channel == "Amazon FR":
            sync.channel = "Amazon DE"
    done = run("worker.stop", "amazon de", "--yes")
    assert done.code == 2
    twins = [sync.id for sync in erp.world.jtl.syncs.values() if sync.channel == "Amazon DE"]
    assert [one for one in twins if one not in done.err] == []
    assert len(twins) == 2
    assert sent(erp) == []


def test_what_cannot_be_taken_back_is_sent_where_the_profile_is_named(
    erp: RunningSimulator, run: Run
) -> None:
    done = run("force-resync", "crm", "--set", "keys=670,47", "--yes", "--profile", "sim")
    assert done.code in (0, 1), done.err
    (request,) = sent(erp)
    assert request["body"] == {"ErpConnectionId": 0, "InternalKeyIds": [670, 47]}


def test_on_production_a_stop_needs_the_profile_s_name(erp: RunningSimulator, run: Run) -> None:
    write_config(erp, environment="production")
    assert "only together with --profile sim" in run("worker.stop", "Temu DE", "--yes").err
    assert sent(erp) == []
    assert run("worker.stop", "Temu DE", "--yes", "--profile", "sim").code == 0
    assert len(sent(erp)) == 1


def test_more_than_ten_targets_need_the_profile_s_name(erp: RunningSimulator, run: Run) -> None:
    everyone = [sync.id for sync in erp.world.jtl.syncs.values()][:11]
    assert "only together with --profile sim" in run("worker.start", *everyone, "--yes").err
    assert sent(erp) == []


def test_a_read_only_profile_refuses_and_says_what_would_help(erp: RunningSimulator, run: Run) -> None:
    write_config(erp, read_only=True)
    done = run("worker.stop", "Temu DE", "--yes", "--json")
    assert done.code == 2
    assert "profile sim is read-only: set read_only = false in its config to write" in done.err
    (result,) = done.document["results"]
    assert (result["target"], result["result"]) == ("Temu DE", "refused")
    assert erp.log() == []


def test_the_document_tells_every_target(erp: RunningSimulator, run: Run) -> None:
    done = run("worker.stop", "Temu DE", "Hauptshop", "--yes", "--json")
    assert done.code == 0
    document = done.document
    assert (document["schema"], document["profile"], document["operation"]) == (1, "sim", "worker.stop")
    first, second = document["results"]
    assert first == {
        "target": "Temu · Temu DE",
        "id": erp.worker_id("Temu DE"),
        "result": "applied",
        "sentence": "now off",
        "next_step": None,
        "audit": "recorded",
        "request": {
            "method": "PUT",
            "url": f"{erp.cloud_base}/v1/workers/{erp.worker_id('Temu DE')}",
            "body": {"Action": 1},
        },
    }
    assert second["target"] == "Shop · Hauptshop"
    assert "The sync stays off" in done.err


def test_if_one_cannot_be_planned_none_is_sent_and_the_document_says_which(
    erp: RunningSimulator, run: Run
) -> None:
    done = run("worker.stop", "Temu DE", "nowhere", "--yes", "--json")
    assert done.code == 2
    results = {one["target"]: one for one in done.document["results"]}
    assert {one["result"] for one in results.values()} == {"not sent"}
    assert results["nowhere"]["sentence"].startswith("there is no sync 'nowhere'")
    assert sent(erp) == []


@pytest.mark.parametrize(
    ("fault", "result", "code"),
    [
        ("PUT /erp=status:503", "failed", 3),
        ("PUT /erp=status:400", "failed", 1),
        ("PUT /erp=status:409", "failed", 1),
    ],
)
def test_a_failure_has_the_exit_code_of_its_state_and_the_others_are_still_sent(
    erp: RunningSimulator, run: Run, fault: str, result: str, code: int
) -> None:
    erp.fault(f"{fault}*1")
    done = run("worker.stop", "Temu DE", "Hauptshop", "--yes", "--json")
    first, second = done.document["results"]
    assert (first["result"], second["result"]) == (result, "applied")
    assert done.code == code


def test_a_failure_that_would_hit_all_ends_it(erp: RunningSimulator, run: Run) -> None:
    erp.fault("PUT /erp=forbidden*1")
    done = run("worker.stop", "Temu DE", "Hauptshop", "--yes", "--json")
    assert [one["result"] for one in done.document["results"]] == ["failed", "not sent"]
    assert done.code == 4
    assert len(sent(erp)) == 1


def test_shared_options_are_sent_for_one_sync_of_a_kind(erp: RunningSimulator, run: Run) -> None:
    both = ["Amazon DE", "Amazon FR"]
    done = run("configure", *both, "--set", "stock reserve=7", "--yes")
    assert done.code == 2
    assert "options are shared by all Amazon syncs: set stock reserve on one of them" in done.err
    assert run("configure", *both, "--set", "interval=12m", "--yes").code == 0
    assert len(sent(erp)) == 2


def test_a_target_that_has_it_already_is_unchanged_and_the_others_go_on(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    both = ["configure", "Temu DE", "Hauptshop", "--set", "interval=5m", "--json"]
    assert run("configure", "Hauptshop", "--set", "interval=20m", "--yes").code == 0
    done = run(*both, "--yes")
    assert done.code == 0, done.err
    results = {one["target"]: one for one in done.document["results"]}
    assert results["Temu · Temu DE"]["result"] == "unchanged"
    assert results["Temu · Temu DE"]["request"] is None
    assert results["Shop · Hauptshop"]["result"] == "applied"
    assert [one["path"].endswith(erp.worker_id("Hauptshop")) for one in sent(erp)] == [True, True]
    again = run("configure", "Temu DE", "Hauptshop", "--set", "interval=5m")
    assert again.code == 0
    assert again.out.splitlines() == [
        f"unchanged · {name}: it already has these values; nothing was sent"
        for name in ("Temu · Temu DE", "Shop · Hauptshop")
    ]
    assert len(sent(erp)) == 2
    assert [one["record"] for one in trail(private_places)] == ["attempt", "outcome"] * 2


def test_a_lost_answer_is_settled_by_what_is_seen(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    erp.fault("PUT /erp=lost*1")
    done = run("worker.stop", "Temu DE", "--yes")
    assert done.code == 0
    assert len(sent(erp)) == 1
    assert "the response was lost; now off" in done.out
    assert [(one["record"], one.get("result")) for one in trail(private_places)] == [
        ("attempt", None),
        ("outcome", "unknown"),
        ("check", "applied"),
    ]


def test_a_lost_answer_that_shows_no_effect_wants_attention(erp: RunningSimulator, run: Run) -> None:
    erp.fault("POST .*/workers/=reset")
    done = run("configure", "Temu DE", "--set", "interval=10m", "--yes")
    assert "unknown · Temu · Temu DE: " in done.out
    assert "checked: Interval is 5m, as before; the request may still take effect" in done.out
    assert "dropped the connection before it responded; " in done.out
    assert done.code == 1
    assert len(sent(erp)) == 1


def test_what_the_answer_differs_in_is_told_once(erp: RunningSimulator, run: Run) -> None:
    erp.state(jtl={"round_interval": 60})
    done = run("configure", "Temu DE", "--set", "interval=370s", "--yes")
    assert done.out.count("requested 6m 10s, the server has 6m") == 1
    assert done.code == 1


def test_lists_that_cannot_be_read_end_it_with_their_code(erp: RunningSimulator, run: Run) -> None:
    erp.fault("GET /erp=status:403")
    done = run("worker.stop", "Temu DE", "--yes")
    assert done.code == 4
    assert "nothing was sent" in done.err
    assert sent(erp) == []


def test_an_effect_that_is_not_seen_within_a_minute_is_said(
    erp: RunningSimulator, run_slowly: Run
) -> None:
    erp.state(jtl={"control_delay": 3_600})
    done = run_slowly("worker.stop", "Hauptshop")
    assert done.code == 1
    said = done.out.splitlines()[-1]
    assert said.startswith("accepted · Shop · Hauptshop: accepted, but still")


def test_the_demo_runs_in_the_same_process_and_leaves_nothing(private_places: Path) -> None:
    done = syncdeck("run", "configure", "Temu DE", "--set", "interval=10m", "--yes", "--demo", "--json")
    assert done.code == 0, done.err
    (result,) = done.document["results"]
    assert (done.document["profile"], result["result"]) == ("demo", "applied")
    assert not (private_places / "state").exists()


def test_without_a_terminal_and_without_yes_a_process_sends_nothing(erp: RunningSimulator) -> None:
    write_config(erp)
    done = syncdeck("run", "worker.stop", "Temu DE", stdin="y\ny\nsim\n")
    assert done.code == 2
    assert "--yes is needed" in done.err
    assert sent(erp) == []


def test_an_interruption_before_the_answer_is_noted_as_unknown(
    erp: RunningSimulator, private_places: Path
) -> None:
    write_config(erp)
    erp.fault("PUT /erp=hang")
    running = started("run", "worker.stop", "Temu DE", "Hauptshop", "--yes", "--json")
    erp.wait_received("PUT")
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == 130
    first, second = json.loads(out)["results"]
    assert (first["result"], second["result"]) == ("unknown", "not sent")
    assert "whether it took effect is unknown" in first["sentence"]
    _, attempt, outcome = trail(private_places)
    assert attempt["operation"] == "worker.stop"
    assert (outcome["id"], outcome["result"]) == (attempt["id"], "unknown")
    assert len(erp.received("PUT")) == 1


def test_an_interruption_while_the_target_is_read_again_says_that_nothing_was_sent(
    erp: RunningSimulator, private_places: Path
) -> None:
    write_config(erp)
    first_one, second_one = list(erp.world.jtl.extensions.values())[:2]
    erp.fault(f"GET .*/extensions/{first_one.id}=hang")
    running = started("run", "extension.toggle", first_one.id, second_one.id, "--yes", "--json")
    erp.wait_received("GET", first_one.id)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == 130
    first, second = json.loads(out)["results"]
    assert (first["result"], second["result"]) == ("not sent", "not sent")
    assert first["sentence"] == "interrupted before it was sent"
    assert sent(erp) == []
    assert [one["record"] for one in trail(private_places)] == ["plan"]


def test_help_tells_the_operations_and_what_can_be_set() -> None:
    done = syncdeck("run", "--help")
    assert done.code == 0
    assert "worker.configure: Change the interval and the options of a sync." in done.out
    assert "keys=670,47,100-120" in done.out
    assert "exit codes: 0 every target is applied or unchanged" in done.out


@pytest.mark.parametrize(
    ("setting", "missing"), [("=hush", "name"), ("hush", "="), ("", "="), (" ", "=")]
)
def test_a_setting_without_a_name_or_a_sign_is_counted_and_not_repeated(
    erp: RunningSimulator, run: Run, setting: str, missing: str
) -> None:
    done = run("configure", "Temu DE", "--set", setting, "--set", "interval=9m", "--yes")
    assert done.code == 2
    assert f"setting 1 of 2 has no {missing}: write --set KEY=VALUE" in done.err
    assert "hush" not in done.err
    assert erp.log() == []


def test_blanks_around_the_name_of_a_setting_do_not_count(erp: RunningSimulator, run: Run) -> None:
    assert run("configure", "Temu DE", "--set", " interval =10m", "--yes").code == 0
    assert sent(erp)[0]["body"] == {"Interval": "00:10:00"}


def test_lists_that_cannot_be_read_say_what_helps(erp: RunningSimulator, run: Run) -> None:
    erp.fault("GET /erp=status:403")
    done = run("worker.stop", "Temu DE", "--yes", "--json")
    said = done.err.split("nothing was sent: ", 1)[1]
    assert "system.worker.read" in said
    assert said.count(". ") == 1
    (result,) = done.document["results"]
    assert (result["target"], result["result"], result["id"]) == ("Temu DE", "not sent", None)
    assert result["sentence"].startswith("nothing was sent: ")


def test_each_of_several_targets_that_cannot_be_planned_is_told_once(
    erp: RunningSimulator, run: Run
) -> None:
    arguments = [
        "configure",
        "nowhere",
        "Temu DE",
        "Outlet",
        "gone",
        "--set",
        "stock reserve=x",
        "--json",
    ]
    done = run(*arguments, "--yes")
    assert done.code == 2
    told = [(one["target"], one["result"], bool(one["sentence"])) for one in done.document["results"]]
    assert told == [
        ("nowhere", "not sent", True),
        ("Temu · Temu DE", "not sent", True),
        ("Ebay · Outlet", "not sent", True),
        ("gone", "not sent", True),
    ]
    lines = done.err.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("syncdeck: there is no sync 'nowhere'")
    assert lines[1].startswith("syncdeck: Temu · Temu DE: ")
    assert lines[-1] == "syncdeck: nothing was sent"


def test_options_and_interval_together_go_to_the_first_of_a_kind_alone(
    erp: RunningSimulator, run: Run
) -> None:
    both = ["Amazon DE", "Temu DE", "Amazon FR"]
    done = run("configure", *both, "--set", "interval=9m", "--set", "Stock reserve=7", "--yes", "--json")
    assert done.code == 2
    sentences = {one["target"]: one["sentence"] for one in done.document["results"]}
    assert sentences == {
        "Amazon · Amazon FR": "options are shared by all Amazon syncs: set Stock reserve on one of them",
        "Amazon · Amazon DE": None,
        "Temu · Temu DE": None,
    }
    assert sent(erp) == []


def test_with_everything_unchanged_the_document_is_still_one(erp: RunningSimulator, run: Run) -> None:
    assert run("configure", "Temu DE", "--set", "interval=10m", "--yes").code == 0
    done = run("configure", "Temu DE", "--set", "interval=10m", "--yes", "--json")
    assert done.code == 0
    (result,) = done.document["results"]
    assert (result["result"], result["request"]) == ("unchanged", None)
    assert len(sent(erp)) == 1


def test_ten_targets_are_no_more_than_ten(erp: RunningSimulator, run: Run) -> None:
    everyone = [sync.id for sync in erp.world.jtl.syncs.values()]
    assert run("worker.configure", *everyone[:10], "--set", "interval=11m", "--yes").code == 0
    refused = run("worker.configure", *everyone[:11], "--set", "interval=12m", "--yes")
    assert refused.code == 2
    assert "--yes counts only together with --profile sim" in refused.err
    assert len(sent(erp)) == 10


def test_nothing_on_stdout_but_the_document(erp: RunningSimulator, run: Run) -> None:
    done = run("worker.stop", "Temu DE", "--yes", "--json")
    assert json.loads(done.out)["operation"] == "worker.stop"
    assert "Stop sync" in done.err
    assert "applied ·" not in done.err


def test_options_of_a_sync_without_a_configuration_cannot_be_set(
    erp: RunningSimulator, run: Run
) -> None:
    known_id = erp.worker_id("Temu DE")
    erp.world.jtl.syncs[known_id].listed = False
    done = run("configure", known_id, "--set", "stock reserve=7", "--yes")
    assert done.code == 2
    assert "the server listed no configuration for it" in done.err
    assert sent(erp) == []


def test_what_the_profile_should_be_told_of_is_told_as_well(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    write_config(erp, refresh={"engine": 3})
    secret = private_places / "config" / "jtl"
    secret.chmod(0o644)
    done = run("worker.stop", "Temu DE", "--yes")
    assert done.code == 0
    told = [line for line in done.err.splitlines() if line.startswith("syncdeck: ")]
    assert len([line for line in told if "engine is polled every 3 s" in line]) == 1
    assert len([line for line in told if f"secret file {secret} can be read by others" in line]) == 1


class Full(io.StringIO):
    """Takes a review, and then nothing of what became of it."""

    def write(self, text: str) -> int:
        if "accepted · " in text:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


def test_output_that_cannot_be_written_ends_it_only_once_all_is_done(
    erp: RunningSimulator, private_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = read(write_config(erp))
    monkeypatch.setattr(sys, "stdout", Full())
    request = RunRequest("worker.stop", ("Temu DE", "Hauptshop"), yes=True, no_wait=True)
    with pytest.raises(OSError, match="No space left on device"):
        run_request(request, lambda: build_core(file, "sim", RunOptions()))
    assert len(sent(erp)) == 2
    assert [one["record"] for one in trail(private_places)] == [
        "plan",
        *["attempt", "outcome"] * 2,
        "plan-end",
    ]


def test_the_gravest_of_several_targets_decides_the_last_step(erp: RunningSimulator, run: Run) -> None:
    write_config(erp, environment="production")
    first, second = list(erp.world.jtl.extensions.values())[:2]
    both = ("--set", "version=9.9.9", "--set", "status=disabled", "--yes")
    assert run("extension.update", first.id, *both, "--profile", "sim").code == 0
    assert len(sent(erp)) == 1
    done = run("extension.update", first.id, second.id, "--set", "version=9.9.8", *both[2:])
    assert done.code == 2
    assert "only together with --profile sim" in done.err
    assert len(sent(erp)) == 1
    assert run("extension.update", first.id, "--set", "version=9.9.8", "--yes").code == 0


def test_after_a_failure_that_would_hit_all_each_of_the_rest_is_told(
    erp: RunningSimulator, run: Run
) -> None:
    erp.fault("PUT /erp=forbidden*1")
    done = run("worker.stop", "Temu DE", "Hauptshop", "Outlet", "--yes")
    told = [line for line in done.out.splitlines() if line.startswith(("failed · ", "not sent · "))]
    assert [line.split(": ")[0] for line in told] == [
        "failed · Temu · Temu DE",
        "not sent · Shop · Hauptshop",
        "not sent · Ebay · Outlet",
    ]
    assert [": not tried: " in line for line in told] == [False, True, True]


def test_of_several_options_the_first_is_named(erp: RunningSimulator, run: Run) -> None:
    options = ("--set", "stock reserve=7", "--set", "days to look back=3", "--yes")
    done = run("configure", "Amazon DE", "Amazon FR", *options)
    assert "options are shared by all Amazon syncs: set stock reserve on one of them" in done.err
    assert sent(erp) == []


def test_syncs_whose_kind_has_no_name_share_their_options_too(erp: RunningSimulator, run: Run) -> None:
    jtl = erp.world.jtl
    jtl.kinds[""] = jtl.kinds.pop("Amazon")
    jtl.kinds[""].name = ""
    done = run("configure", "Amazon DE", "Amazon FR", "--set", "stock reserve=7", "--yes")
    assert done.code == 2
    assert "options are shared by all such syncs: set stock reserve on one of them" in done.err
    assert sent(erp) == []


def test_blanks_around_interval_make_it_no_option(erp: RunningSimulator, run: Run) -> None:
    both = ["Amazon DE", "Amazon FR"]
    assert run("configure", *both, "--set", " Interval =12m", "--yes").code == 0
    assert [one["body"] for one in sent(erp)] == [{"Interval": "00:12:00"}] * 2
