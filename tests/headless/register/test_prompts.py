"""`syncdeck register` with somebody at the terminal, on the real simulator; time passes by script."""

import os
import pty
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import PATIENCE, command
from tests.drivers.fake_time import FakeTime
from tests.drivers.operator import Answer, Operator
from tests.drivers.simulator import RunningSimulator
from tui.headless.register.command import run
from tui.headless.register.context import RegisterContext
from tui.headless.register.finish import tell_scopes
from tui.headless.register.polling import Pace
from tui.headless.register.questions import RegisterRequest
from tui.launch import RunOptions
from tui.ops.pending_registration import Registration, Waiting
from tui.paths import config_path, state_dir
from tui.wiring import build_registrar, build_service

Script = list[tuple[str, Answer]]
OPTIONS = RunOptions()
CODE = "K7QM-4XRT-9PWD-2HFC"


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        yield running


class Desk:
    """One registration: who answers, what happens while it waits, and what came of it."""

    def __init__(self, erp: RunningSimulator) -> None:
        self.erp = erp
        self.time = FakeTime()
        self.slept: list[float] = []
        self.meanwhile: list[Callable[[], None]] = []
        """What happens in the ERP in each pause of the waiting, in order."""

    def run(self, operator: Operator, **given: Any) -> int:
        request = RegisterRequest(config_path(), **given)
        workshop = RegisterContext(
            make_registrar=lambda registration: build_registrar(registration, OPTIONS),
            make_service=lambda file, name: build_service(file, name, OPTIONS),
            state=state_dir(),
            dialogue=operator,
            pace=lambda seconds: Pace(seconds, self.time.monotonic, self._sleep),
        )
        return run(request, workshop)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time.elapsed += seconds
        if self.meanwhile:
            self.meanwhile.pop(0)()

    def set(self, **parts: Any) -> None:
        self.erp.state(jtl={"registration": parts})

    @property
    def key(self) -> str:
        (key,) = self.erp.world.jtl.apps.by_key
        return str(key)


@pytest.fixture
def desk(erp: RunningSimulator) -> Desk:
    return Desk(erp)


def by_flags(desk: Desk, **more: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {"base_url": desk.erp.onprem_base, "profile": "branch", "add": True}
    return wanted | {"yes": True, "challenge": CODE} | more


def answers(desk: Desk, **changed: Answer) -> Script:
    """Enter at every question but the address, and y at the last step; `changed` by part of them."""
    usual: dict[str, Answer] = {
        "Address": desk.erp.onprem_base,
        "Profile [": "",
        "production, staging or": "development",
        "AppId [": "",
        "Display name [": "",
        "Scopes [": "",
        "File for the key [": "",
        "Challenge code [": "",
        "Add it [Y/n]": "",
        "y sends the request": "y",
        "Show the key here": "",
    }
    return list((usual | changed).items())


# Asked step by step.


def test_somebody_who_presses_enter_ends_with_a_profile(desk: Desk, private_places: Path) -> None:
    operator = Operator(answers(desk))
    assert desk.run(operator) == 0, operator.text
    assert operator.script == []
    assert "Nothing is sent until" in operator.text
    assert "They cannot be changed afterwards" in operator.text
    assert "It works: 12 worker syncs can be read." in operator.text
    key = private_places / "config" / "secrets" / "wawi-wawi-key"
    assert key.read_text() == f"{desk.key}\n"
    assert desk.key not in operator.text
    assert desk.slept == [5.0]


def test_an_answer_that_cannot_be_used_is_asked_for_again(desk: Desk) -> None:
    script = answers(desk)
    script[0:1] = [("Address", "wawi"), ("Address", desk.erp.onprem_base)]
    operator = Operator(script)
    assert desk.run(operator) == 0
    assert "it must start with https://" in operator.text


@pytest.mark.parametrize("answer", ["", "n", "Y", "yes"])
def test_anything_but_y_sends_nothing(desk: Desk, private_places: Path, answer: str) -> None:
    operator = Operator(answers(desk, **{"y sends the request": answer}))
    assert desk.run(operator) == 2
    assert "! nothing was sent: it was not confirmed" in operator.heard
    assert desk.erp.log() == []
    assert not (private_places / "config").exists()


@pytest.mark.parametrize("place", range(10))
def test_an_input_that_ends_early_sends_nothing(desk: Desk, place: int) -> None:
    operator = Operator(answers(desk)[:place])
    assert desk.run(operator) == 2
    assert "! nothing was sent: the input ended" in operator.heard
    assert desk.erp.log() == []


def test_a_closed_window_is_opened_and_the_request_sent_again(desk: Desk) -> None:
    def opened() -> str:
        desk.set(window_open=True)
        return ""

    desk.set(window_open=False)
    script = answers(desk)
    script.insert(-1, ("Press enter to send it again", opened))
    operator = Operator(script)
    assert desk.run(operator) == 0, operator.text
    assert [entry["status"] for entry in desk.erp.received("POST")] == [403, 201]


def test_a_name_that_is_taken_is_changed_and_the_request_sent_again(desk: Desk) -> None:
    assert desk.run(Operator(asks=False), **by_flags(desk)) == 0
    script = answers(desk, **{"Profile [": "second"})
    script.insert(-1, ("Another AppId", "syncdeck/second"))
    operator = Operator(script)
    assert desk.run(operator) == 0, operator.text
    apps = [app.app_id for app in desk.erp.world.jtl.apps.by_key.values()]
    assert apps[1] == "syncdeck/second"
    assert 'app_id = "syncdeck/second"' in config_path().read_text()


def test_the_key_is_shown_to_who_asks_for_it(desk: Desk) -> None:
    operator = Operator(answers(desk, **{"Show the key here": "y"}))
    assert desk.run(operator) == 0
    assert operator.heard.count(desk.key) == 1


def test_one_that_waits_is_offered_and_gone_on_with(desk: Desk) -> None:
    desk.set(answer="wait")
    assert desk.run(Operator(asks=False), **by_flags(desk, minutes=0)) == 1
    desk.set(answer="accept")
    operator = Operator([("Resume it [Y/n]", ""), ("Show the key here", "")])
    assert desk.run(operator) == 0, operator.text
    assert "A registration of profile branch at" in operator.text
    assert len(desk.erp.received("POST")) == 1


# While it waits.


def test_it_is_asked_every_five_seconds_until_the_time_is_over(desk: Desk) -> None:
    desk.set(answer="wait")
    operator = Operator(asks=False)
    assert desk.run(operator, **by_flags(desk, minutes=1)) == 1
    assert desk.slept == [5.0] * 12
    assert len(desk.erp.received("GET")) == 13
    assert "! nobody has accepted or rejected it in time" in operator.heard


def test_a_server_that_is_away_for_a_while_is_said_once_and_asked_again(desk: Desk) -> None:
    desk.set(answer="wait")

    def answering() -> None:
        desk.erp.clear_faults()

    def accepted() -> None:
        desk.set(answer="accept")

    desk.erp.fault("GET .*authentication=status:500")
    desk.meanwhile = [lambda: None, answering, accepted]
    operator = Operator(asks=False)
    assert desk.run(operator, **by_flags(desk)) == 0, operator.text
    assert operator.text.count("JTL-Wawi failed (500)") == 1
    assert "it responds again, and nobody has decided yet" in operator.text


def test_a_server_that_wants_more_time_gets_it(desk: Desk) -> None:
    desk.erp.fault("GET .*authentication=status:429,40*1")
    assert desk.run(Operator(asks=False), **by_flags(desk)) == 0
    assert desk.slept == [40.0, 5.0]


def test_three_answers_of_nonsense_in_a_row_end_it_and_it_can_be_gone_on_with(desk: Desk) -> None:
    desk.erp.fault("GET .*authentication=html*3")
    operator = Operator(asks=False)
    assert desk.run(operator, **by_flags(desk)) == 5
    assert len(desk.erp.received("GET")) == 3
    assert desk.run(Operator(asks=False), resume=True) == 0


def test_an_endless_list_of_granted_scopes_is_cut(desk: Desk) -> None:
    granted = tuple(f"scope.{number}{'x' * 500}" for number in range(500))
    operator = Operator(asks=False)
    assert tell_scopes(operator, registration(desk), granted) == 1
    assert operator.heard[0].endswith("and 460 more.")
    assert len(operator.heard[0]) < 4_000


def registration(desk: Desk) -> Registration:
    """One that waits."""
    desk.set(answer="wait")
    desk.run(Operator(asks=False), **by_flags(desk, minutes=0))
    found = Waiting(state_dir() / "registrations").find("branch")
    assert found is not None
    return found


# A key that cannot be kept.


def blocked(desk: Desk, places: Path) -> Path:
    """While it waits, somebody else's file takes the key's place."""
    key = places / "config" / "secrets" / "branch-wawi-key"
    desk.meanwhile = [lambda: void(key.write_text("somebody's"))]
    return key


def void(_: object) -> None:
    """Nothing."""


def test_another_file_is_asked_for_and_the_profile_points_to_it(
    desk: Desk, private_places: Path, tmp_path: Path
) -> None:
    key = blocked(desk, private_places)
    script: Script = [("Another file", str(key)), ("Another file", str(tmp_path / "k")), ("Show", "")]
    operator = Operator(script)
    assert desk.run(operator, **interactive(desk)) == 0, operator.text
    assert (key.read_text(), (tmp_path / "k").read_text()) == ("somebody's", f"{desk.key}\n")
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
    assert f'api_key = {{ file = "{tmp_path}/k" }}' in config_path().read_text()


def test_it_is_shown_where_no_file_takes_it(desk: Desk, private_places: Path) -> None:
    blocked(desk, private_places)
    operator = Operator([("Another file", "show")])
    assert desk.run(operator, **interactive(desk)) == 2
    assert operator.heard.count(desk.key) == 1
    assert "the key is in no file" in operator.text
    assert not config_path().exists()


def test_where_nobody_can_be_asked_it_is_kept_in_the_state_directory(
    desk: Desk, private_places: Path
) -> None:
    blocked(desk, private_places)
    operator = Operator(asks=False)
    assert desk.run(operator, **by_flags(desk)) == 0, operator.text
    spare = private_places / "state" / "secrets" / "branch-wawi-key"
    assert spare.read_text() == f"{desk.key}\n"
    assert str(spare) in config_path().read_text()
    assert desk.key not in operator.text


def test_a_config_that_was_spoilt_meanwhile_gets_the_lines_printed(desk: Desk, tmp_path: Path) -> None:
    def spoilt() -> None:
        config_path().write_text("[profiles")

    desk.meanwhile = [spoilt]
    operator = Operator(asks=False)
    assert desk.run(operator, **by_flags(desk)) == 2
    assert config_path().read_text() == "[profiles"
    assert "! the profile was not added: " in operator.text
    assert "[profiles.branch.jtl]" in operator.text
    assert "It works" in operator.text


def interactive(desk: Desk) -> dict[str, Any]:
    """Everything but the answers that are needed on the way."""
    app = {"environment": "development", "app_id": "app", "display_name": "app"}
    key = config_path().parent / "secrets" / "branch-wawi-key"
    return by_flags(desk, **app, scopes=("system.worker.read",), key_file=key)


# On a real terminal.


def test_the_real_dialogue_on_a_terminal(erp: RunningSimulator, private_places: Path) -> None:
    erp.state(jtl={"registration": {"pending_polls": 0}})
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command("register", "--base-url", erp.onprem_base, "--profile", "branch", "--challenge", CODE),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm"},
        start_new_session=True,
    ) as running:
        os.close(theirs)
        said = OnDemandValue(ours)
        for question in (
            "[production]",
            "AppId",
            "Display name",
            "Scopes [",
            "File for the key",
            "Add it",
        ):
            said.answer(question, "")
        said.answer("anything else does not", "y")
        said.answer("Show the key here, once [y/N]", "")
        said.wait("Start it with: syncdeck --profile branch")
        assert running.wait(PATIENCE) == 0
    said.close()
    (key,) = erp.world.jtl.apps.by_key
    assert (private_places / "config" / "secrets" / "branch-wawi-key").read_text() == f"{key}\n"
    assert key not in said.text


class OnDemandValue:
    """What a terminal shows, read beside the test."""

    def __init__(self, end: int) -> None:
        self._end, self._content = end, b""
        self._news = threading.Condition()
        self._seen = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        return self._content.decode("utf-8", "replace")

    def wait(self, part: str) -> None:
        """Until it is there, after what was waited for before."""
        with self._news:
            assert self._news.wait_for(lambda: part in self.text[self._seen :], PATIENCE), self.text
            self._seen = self.text.index(part, self._seen) + len(part)

    def answer(self, question: str, typed: str) -> None:
        self.wait(question)
        self.wait(": ")
        os.write(self._end, f"{typed}\n".encode())

    def close(self) -> None:
        self._reader.join(PATIENCE)
        os.close(self._end)

    def _read(self) -> None:
        while True:
            try:
                chunk = os.read(self._end, 4_096)
            except OSError:
                chunk = b""
            if not chunk:
                return
            with self._news:
                self._content += chunk
                self._news.notify_all()
