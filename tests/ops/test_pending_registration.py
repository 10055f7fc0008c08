"""A registration that waits is kept whole and privately, and what is not ours is not resumed."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.ops.pending_registration import Registration, Waiting

KNOWN = Registration(
    profile="branch",
    environment="staging",
    base_url="https://wawi.example/api/db",
    app_id="app/1",
    app_version="1",
    display_name="Console",
    provider="us",
    website="https://us.example",
    scopes=("system.worker.read",),
    challenge="K7QM-4XRT",
    key_file=Path("/secrets/key"),
    add=True,
    ca_bundle=Path("/etc/ca.pem"),
    allow_plain_http=False,
    request_id="r-1",
    asked_at=datetime(2026, 3, 1, 3, 0, tzinfo=UTC),
)


@pytest.mark.parametrize("known", [KNOWN, replace(KNOWN, ca_bundle=None, add=False)])
def test_what_was_kept_is_found_again(tmp_path: Path, known: Registration) -> None:
    waiting = Waiting(tmp_path / "private")
    waiting.keep(known)
    assert (waiting.profiles(), waiting.find("branch")) == (("branch",), known)
    assert stat.S_IMODE(waiting.path("branch").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o700
    waiting.drop("branch")
    waiting.drop("branch")
    assert (waiting.profiles(), waiting.find("branch")) == ((), None)


def test_the_challenge_is_in_no_representation() -> None:
    assert KNOWN.challenge not in repr(KNOWN)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schema", 2),
        ("base_url", "https://x\x1b[2J"),
        ("request_id", None),
        ("add", "yes"),
        ("scopes", [7]),
        ("key_file", 7),
        ("asked_at", "2026-03-01T03:00:00"),
        ("asked_at", "yesterday"),
    ],
)
def test_what_is_not_as_it_was_kept_is_refused(tmp_path: Path, name: str, value: object) -> None:
    waiting = Waiting(tmp_path)
    waiting.keep(KNOWN)
    path = waiting.path("branch")
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: value}))
    with pytest.raises(ValueError, match="not a registration that can be resumed"):
        waiting.find("branch")
