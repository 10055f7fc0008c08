"""The terminal of these tests: what a terminal does not draw leaves its cursor where it is."""

import pytest

from tests.drivers.terminal import Terminal


@pytest.mark.parametrize(
    "unknown", [r"\033Ptmux;\033\033]52;c;eA==\a\033\\", r"\033P\033]52;c;eA\033\\", r"\033[=0;1u"]
)
def test_what_is_for_a_multiplexer_is_not_drawn(environment: dict[str, str], unknown: str) -> None:
    with Terminal(["printf", f"be{unknown}fore"], environment) as terminal:
        terminal.wait_for("before")
        assert terminal.line("before") == "before"
