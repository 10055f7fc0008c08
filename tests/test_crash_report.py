"""A bug's report says where and what kind, and nothing that could be a secret."""

import stat
from pathlib import Path

import pytest

from tui import crash_report as bugreport


def broken(secret: str) -> None:
    raise KeyError(secret)


def test_a_report_holds_the_place_and_neither_message_nor_locals(tmp_path: Path) -> None:
    with pytest.raises(KeyError) as caught:
        broken("hunter2")
    path = bugreport.write(caught.value, tmp_path / "reports")
    text = path.read_text()
    assert "builtins.KeyError" in text
    assert "in broken" in text
    assert "hunter2" not in text
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (
        0o600,
        0o700,
    )


def test_what_led_to_a_bug_is_in_its_report(tmp_path: Path) -> None:
    def wrapped() -> None:
        try:
            broken("hunter2")
        except KeyError as error:
            raise RuntimeError("hunter2") from error

    with pytest.raises(RuntimeError) as caught:
        wrapped()
    text = bugreport.write(caught.value, tmp_path).read_text()
    assert text.index("RuntimeError") < text.index("KeyError")
    assert "hunter2" not in text
