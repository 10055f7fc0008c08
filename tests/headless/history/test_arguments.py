"""The command line of `history`, `watch`, `record` and `note`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.drivers.command import syncdeck
from tui.cli.arguments import parse


@pytest.mark.parametrize(
    ("arguments", "action", "target"),
    [
        ((), "", ()),
        (("Temu DE", "Otto"), "", ("Temu DE", "Otto")),
        (("--", "at"), "", ("at",)),
        (("--json", "--", "size"), "", ("size",)),
        (("size",), "size", ()),
        (("at", "2h"), "at", ()),
        (("at", "--", "2h"), "at", ()),
        (("cut", "--since", "2h", "--until", "1h", "-o", "night.db"), "cut", ()),
        (("forget", "--before", "7d"), "forget", ()),
    ],
)
def test_the_first_word_may_be_a_form(
    arguments: tuple[str, ...], action: str, target: tuple[str, ...]
) -> None:
    args = parse(["history", *arguments])
    assert (args.action, args.target) == (action, target)


def test_a_time_of_several_words_needs_no_quotes_after_at() -> None:
    assert parse(["history", "at", "yesterday", "14:30"]).at.strftime("%H:%M") == "14:30"


def test_a_duration_counts_back_from_now() -> None:
    at = parse(["history", "--since", "2h"]).since
    assert abs(datetime.now(UTC) - timedelta(hours=2) - at) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("history", "at"), "'' is not a time"),
        (("history", "at", "soon"), "'soon' is not a time: write now, 2h, 2h ago, 01:00,"),
        (("history", "cut", "--since", "2h"), "history cut: --until and -o missing"),
        (("history", "forget"), "history forget: --before missing; see syncdeck history --help"),
        (("history", "size", "x"), "history size takes no TARGET"),
        (("history", "size", "--since", "2h"), "history size: --since does not belong to it"),
        (("history", "--before", "2h"), "history: --before does not belong to it"),
        (("history", "--since", "2x"), "'2x' is not a time"),
        (("record", "--for", "soon"), "'soon' is not an interval"),
        (("watch", "--demo", "--exec"), "--exec needs a command"),
        (("note", "--demo", "x"), "the demo keeps its history in memory"),
        (("status", "--replay", "x.db"), "unrecognized arguments: --replay"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    done = syncdeck(*arguments)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert done.err.count("\n") == 1


def test_everything_behind_exec_is_the_program_s() -> None:
    args = parse(["watch", "Temu DE", "--problems", "--exec", "curl", "--json", "-d", "@-", "--profile"])
    assert (args.target, args.problems, args.json) == (["Temu DE"], True, False)
    assert args.argv == ["curl", "--json", "-d", "@-", "--profile"]
    assert args.profile is None


def test_a_recorder_has_several_profiles() -> None:
    assert parse(["record", "--profile", "a", "--profile", "b"]).profiles == ["a", "b"]
    assert parse(["--profile", "a", "record"]).profile == "a"


def test_a_file_that_is_no_history_is_refused(tmp_path: Path) -> None:
    from tui.config.file import ConfigError
    from tui.launch import RunOptions
    from tui.replay_wiring import replay_core

    path = tmp_path / "night.db"
    path.write_text("not a database at all, but long enough to look like one" * 20)
    with pytest.raises(ConfigError, match=r"night\.db"):
        replay_core(path, RunOptions())
    with pytest.raises(ConfigError, match=r"none\.db"):
        replay_core(tmp_path / "none.db", RunOptions())
