"""Sign and tone of levels and results; the word beside them has the same meaning without colour."""

from tui.domain.health.rules import Level

SIGNS = {
    Level.ERROR: ("✖", "error"),
    Level.LOCKED: ("▲", "warning"),
    Level.WARNING: ("!", "warning"),
    Level.RUNNING: ("●", "running"),
    Level.OK: ("✔", "ok"),
    Level.OFF: ("○", "off"),
}
RESULT_SIGNS = {
    "applied": ("✔", "ok"),
    "accepted": ("→", "plain"),
    "unchanged": ("✔", "ok"),
    "failed": ("✖", "error"),
    "refused": ("○", "off"),
    "conflict": ("▲", "warning"),
    "unknown": ("?", "warning"),
    "no outcome": ("!", "warning"),
    "in flight": ("…", "running"),
    "not sent": ("○", "off"),
    "not applied": ("✖", "error"),
    "waiting": ("·", "plain"),
    "reading again": ("…", "running"),
    "sending": ("…", "running"),
}
PROBLEM_TONES = {
    "failed": "error",
    "not applied": "error",
    "refused": "error",
    "conflict": "warning",
    "unknown": "warning",
}
"""Tones of result words in a progress; the others are drawn like every label."""
