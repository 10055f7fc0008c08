"""`syncdeck help`: the reference pages from the real command."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.simulator import RunningSimulator
from tui.cli.arguments import _parser
from tui.config.file import read
from tui.config.model import TABLES, RunbookTable, keys_of
from tui.config.validation import validate
from tui.simulator.client_config import write_config
from tui.simulator.faults.table import KINDS

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "tui" / "docs").glob("*.md"))
TOPICS = [page.stem for page in PAGES]


def test_without_a_topic_all_of_them_are_listed_with_what_they_are_about() -> None:
    done = syncdeck("help")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == TOPICS
    assert all(len(line.split()) > 4 and len(line) <= 80 for line in lines)


def test_the_usual_pages_are_there() -> None:
    assert {"configuration", "keys", "scripting", "terminals", "troubleshooting"} <= set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_is_plain_text_that_fits_80_columns(topic: str) -> None:
    done = syncdeck("help", topic)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].lower().startswith(topic)
    assert lines[1] == "=" * len(lines[0])
    prose = [line for line in lines if not line.startswith("    ")]
    assert [line for line in prose if len(line) > 80] == []
    assert [line for line in prose if line.startswith(("#", "|", "```", "<!--")) or "**" in line] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_of_a_page_is_lost(topic: str) -> None:
    source = re.sub(
        r"<!--.*?-->", "", (ROOT / "tui" / "docs" / f"{topic}.md").read_text(encoding="utf-8")
    )
    # In a table a sentence is broken over several lines: its words are looked for one by one.
    words = {word for word in source.split() if word.isalpha() and len(word) > 3}
    shown = syncdeck("help", topic).out
    assert {word for word in words if word not in shown} == set()


def test_the_page_of_keys_has_every_operation_that_a_key_does() -> None:
    shown = syncdeck("help", "keys").out
    assert re.search(r"^`R` +Workers +Stop a sync and start it again\. +`y`$", shown, re.MULTILINE)


def test_the_page_of_the_simulator_has_every_fault_and_names_no_source_file() -> None:
    shown = syncdeck("help", "simulator").out
    assert [kind for kind in KINDS if f"`{kind}`" not in shown] == []
    assert ".py" not in shown


def test_a_topic_has_no_case() -> None:
    assert syncdeck("help", "KEYS").out == syncdeck("help", "keys").out


def test_a_wrong_topic_is_refused_with_the_nearest() -> None:
    done = syncdeck("help", "keyz")
    assert (done.code, done.out) == (2, "")
    assert "'keyz' is not a topic; did you mean keys?" in done.err
    assert "syncdeck help" in done.err


def test_a_topic_that_is_like_none_is_refused_with_all_of_them() -> None:
    done = syncdeck("help", "qqqq")
    assert (done.code, done.out) == (2, "")
    assert all(topic in done.err for topic in TOPICS)


def test_what_was_typed_as_topic_reaches_the_terminal_without_its_controls() -> None:
    done = syncdeck("help", "\x1b]0;owned\x07../../README")
    assert done.code == 2
    assert "\x1b" not in done.err


def test_no_page_is_needed_where_the_config_is_broken(private_places: Path) -> None:
    config = private_places / "config" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("this is not toml")
    assert syncdeck("help", "troubleshooting").code == 0


def test_it_is_named_in_the_help_of_the_command() -> None:
    shown = " ".join(syncdeck("--help").out.split())
    assert "`syncdeck help` lists the reference pages" in shown
    assert "show a reference page" in shown


def test_a_locale_without_utf8_gets_ascii() -> None:
    done = syncdeck("help", "keys", LC_ALL="C", PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0")
    assert done.code == 0
    assert done.out.isascii()


def test_the_readme_links_every_page_and_nothing_that_is_not_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", readme)
    assert {f"tui/docs/{topic}.md" for topic in TOPICS} <= set(links)
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_the_examples_of_the_configuration_are_valid(tmp_path: Path) -> None:
    page = (ROOT / "tui" / "docs" / "configuration.md").read_text(encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text("".join(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)), encoding="utf-8")
    assert set(validate(read(config)).profiles) == {"acme", "branch"}


def test_the_examples_of_run_can_be_planned(
    private_places: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = (ROOT / "tui" / "docs" / "scripting.md").read_text(encoding="utf-8")
    examples = re.findall(r"^syncdeck (run .*?)(?: +#.*)?$", page, re.MULTILINE)
    assert len(examples) > 3
    (tmp_path / "keys.txt").write_text("670\n47\n")
    monkeypatch.chdir(tmp_path)
    with RunningSimulator(still=True) as erp:
        write_config(private_places / "config" / "config.toml", erp.url)
        for example in examples:
            done = syncdeck(*shlex.split(example.replace("acme", "sim")), "--dry-run")
            assert (done.code, "Request" in done.out or "unchanged" in done.out) == (0, True), example


def test_every_setting_of_the_config_is_on_its_page() -> None:
    page = (ROOT / "tui" / "docs" / "configuration.md").read_text(encoding="utf-8")
    keys = {key for table in (*TABLES.values(), RunbookTable) for key in keys_of(table)}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", page)] == []


def test_every_option_that_a_page_names_is_one_of_a_command() -> None:
    known = {option for parser in _parsers(_parser(of_rest=False)) for option in _options(parser)}
    known |= {option for parser in _parsers(_parser(of_rest=True)) for option in _options(parser)}
    for page in (ROOT / "README.md", *PAGES):
        lines = page.read_text(encoding="utf-8").splitlines()
        ours = "\n".join(line for line in lines if "tests.benchmarks" not in line)
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours))
        assert named <= known, page


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        for below in action.choices.values() if isinstance(action.choices, dict) else ():
            yield from _parsers(below)


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield from action.option_strings
