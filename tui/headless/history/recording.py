"""`record --status`: who records each profile, since when, and how completely."""

from collections.abc import Sequence
from datetime import datetime

from tui.domain.text import clean, one_line
from tui.headless.exit_codes import ATTENTION, HEALTHY
from tui.headless.history.kept import kept, kept_text
from tui.headless.history.recorded import Recorded

NOBODY = "nobody records now"


def show(profiles: Sequence[Recorded], now: datetime) -> int:
    """Print two lines a profile; 1 where nobody records one of them."""
    code = HEALTHY
    for profile in profiles:
        holder = one_line(clean(profile.holder()))
        code = code if holder else ATTENTION
        print(f"{profile.profile}: {f'recorded by {holder}' if holder else NOBODY}")
        print(f"  {kept_text(*kept(profile.reader, now), now)}", flush=True)
    return code
