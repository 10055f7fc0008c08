"""Sign and tone for each level; the word beside them says the same without colour."""

from tui.domain.health import Level

SIGNS = {
    Level.ERROR: ("✖", "error"),
    Level.LOCKED: ("▲", "warning"),
    Level.WARNING: ("!", "warning"),
    Level.RUNNING: ("●", "running"),
    Level.OK: ("✔", "ok"),
    Level.OFF: ("○", "off"),
}
