"""The terminal's title: which profile this is and what is at stake, in words, also on a hidden tab.

The old title is kept by the terminal itself (XTWINOPS 22, 23); where it keeps none, it is emptied at
the end, so that no shell prompt stands under the name of a production system.
"""

from tui.domain.systems import Environment, ProfileFacts
from tui.domain.text import clean, one_line


def title_of(facts: ProfileFacts, attention: int) -> str:
    """What sets the title to the profile's; `attention`: how many things need it."""
    environment = facts.environment.value
    if facts.environment is Environment.PRODUCTION:
        environment = environment.upper()
    parts = ["syncdeck", facts.name, environment]
    if attention:
        parts.append(f"{attention} need{'s' if attention == 1 else ''} attention")
    return f"\x1b]2;{one_line(clean(' · '.join(parts)))}\x07"
