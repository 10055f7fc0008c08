"""Our two themes. Colours are defined here once; the stylesheets use the theme's variables."""

from textual.theme import Theme

from tui.ui.theme_choice import DARK, LIGHT

_OURS = (
    Theme(
        name=DARK,
        primary="#5fafd7",
        accent="#5fafd7",
        error="#ff6b68",
        warning="#e5b454",
        success="#7fbf7f",
        foreground="#d0d4d8",
        background="#14181c",
        surface="#1a1f24",
        panel="#232a31",
        dark=True,
        variables={"dim": "#7d868f"},
    ),
    Theme(
        name=LIGHT,
        primary="#00638a",
        accent="#00638a",
        error="#b3261e",
        warning="#8a5a00",
        success="#2c6e2f",
        foreground="#1c2126",
        background="#f7f8f9",
        surface="#eef0f2",
        panel="#dfe3e7",
        dark=False,
        variables={"dim": "#6b747c"},
    ),
)

THEMES = {theme.name: theme for theme in _OURS}
