"""`syncdeck share`: prints a file that goes with a monitoring system."""

import sys
from pathlib import Path

from tui.domain.text import cited
from tui.headless.exit_codes import HEALTHY, UNUSABLE

FOLDER = Path(__file__).parents[2] / "share" / "monitoring"
PURPOSES = {
    "grafana.json": "a Grafana dashboard: problems, states over time, response times",
    "icinga2.conf": "an Icinga 2 check command, with a service for each profile",
    "rules.test.yml": "unit tests of the alert rules, for `promtool test rules`",
    "scrape.yml": "scrape jobs for Prometheus",
    "syncdeck.rules.yml": "alert rules for Prometheus",
}


def run(name: str | None) -> int:
    """Print the file, or without a name the list of all; 2 where there is no such file.

    Raises OSError: the output cannot be written.
    """
    if name is None:
        longest = max(map(len, PURPOSES))
        lines = (f"  {one:<{longest}}  {purpose}" for one, purpose in PURPOSES.items())
        print("\n".join(("files of `syncdeck share NAME`:", *lines)))
        return HEALTHY
    if name not in PURPOSES:
        print(f"syncdeck: {cited(name)} is not one of {', '.join(PURPOSES)}", file=sys.stderr)
        return UNUSABLE
    print((FOLDER / name).read_text(encoding="utf-8"), end="")
    return HEALTHY
