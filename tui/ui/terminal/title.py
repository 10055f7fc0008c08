"""The terminal's title: the profile and its environment as text, also on a hidden tab.

The terminal itself keeps the old title (XTWINOPS 22, 23); where it keeps none, the title is emptied at
the end, so that no shell prompt appears under the name of a production system.
"""

from tui.domain.profile import ProfileFacts
from tui.domain.text import clean, one_line


def title_of(facts: ProfileFacts, attention: int, maintenance: str = "") -> str:
    """The sequence that sets the title to the profile's; `attention`: how many targets need it,
    `maintenance`: what is open."""
    parts = ["syncdeck", facts.name, facts.environment.shown]
    if maintenance:
        parts.append(maintenance)
    if attention:
        parts.append(f"{attention} need{'s' if attention == 1 else ''} attention")
    return f"\x1b]2;{one_line(clean(' · '.join(parts)))}\x07"
