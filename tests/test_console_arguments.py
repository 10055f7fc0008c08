"""The short way to read a console's options says the same as the parser, or leaves it to the parser."""

import pytest

from tui.cli.arguments import parse
from tui.cli.console_arguments import plain


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--demo",),
        ("--config", "a b.toml", "--profile", "acme"),
        ("--config=x=y", "--profile=acme"),
        ("--profile", "one", "--profile=two"),
        ("--read-only", "--slow", "--no-mouse", "--stock-driver", "--log", "wire.log"),
    ],
)
def test_what_is_read_is_what_the_parser_reads(arguments: tuple[str, ...]) -> None:
    found = plain(arguments)
    assert found is not None
    assert vars(found) == vars(parse(arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("--demo", "workers"),
        ("--help",),
        ("--version",),
        ("--json",),
        ("--demo=yes",),
        ("--profile",),
        ("--profile", "--demo"),
        ("--config", ""),
        ("--config=",),
        ("--config", "~/x.toml"),
        ("--prof", "acme"),
        ("--",),
    ],
)
def test_anything_else_is_left_to_the_parser(arguments: tuple[str, ...]) -> None:
    assert plain(arguments) is None


def test_an_unknown_operation_is_named_before_a_target_that_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["run", "engine.nope"])
    assert ended.value.code == 2
    assert "there is no operation 'engine.nope': did you mean" in capsys.readouterr().err
