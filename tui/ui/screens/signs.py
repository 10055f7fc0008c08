"""Sign and tone for each level; the word beside them has the same meaning without colour."""

from tui.domain.health.rules import Level

SIGNS = {
    Level.ERROR: ("✖", "error"),
    Level.LOCKED: ("▲", "warning"),
    Level.WARNING: ("!", "warning"),
    Level.RUNNING: ("●", "running"),
    Level.OK: ("✔", "ok"),
    Level.OFF: ("○", "off"),
}
