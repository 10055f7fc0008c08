"""Which theme a terminal gets."""

import pytest

from tui.ui import theme_choice as theme


@pytest.mark.parametrize(
    ("environment", "slow", "chosen"),
    [
        ({"TERM": "xterm-256color"}, False, "syncdeck-dark"),
        ({"TERM": "xterm-kitty"}, False, "syncdeck-dark"),
        ({"TERM": "foot", "COLORTERM": "truecolor"}, False, "syncdeck-dark"),
        ({"TERM": "alacritty", "COLORTERM": "24bit"}, False, "syncdeck-dark"),
        ({"TERM": "alacritty"}, False, "ansi-dark"),
        ({"TERM": "tmux-256color"}, False, "syncdeck-dark"),
        ({"TERM": "tmux"}, False, "ansi-dark"),
        ({"TERM": "tmux", "TEXTUAL_THEME": "dracula"}, False, "ansi-dark"),
        ({"TERM": "xterm"}, False, "ansi-dark"),
        ({"TERM": "vt100", "COLORTERM": "truecolor"}, False, "ansi-dark"),
        ({"TERM": "screen-16color"}, False, "ansi-dark"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, False, "ansi-dark"),
        ({"TERM": "xterm", "TEXTUAL_THEME": "syncdeck-light"}, False, "ansi-light"),
        ({"TERM": "xterm", "TEXTUAL_THEME": "dracula"}, False, "ansi-dark"),
        ({"TERM": "xterm-256color", "TEXTUAL_THEME": "dracula"}, False, "dracula"),
        ({"TERM": "kitty", "TEXTUAL_THEME": "syncdeck-light", "NO_COLOR": "1"}, False, "ansi-light"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, False, "syncdeck-dark"),
        ({"TERM": "xterm-256color", "TEXTUAL_THEME": "syncdeck-light"}, True, "ansi-light"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, True, "ansi-dark"),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "standard"}, False, "ansi-dark"),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "256"}, False, "syncdeck-dark"),
    ],
)  # fmt: skip
def test_t10_with_16_colours_or_none_nothing_is_rounded(
    environment: dict[str, str], slow: bool, chosen: str
) -> None:
    theme.choose(environment, slow=slow)
    assert environment["TEXTUAL_THEME"] == chosen
    assert environment.get("NO_COLOR", "unset") != ""
