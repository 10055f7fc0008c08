"""`syncdeck help [TOPIC]`: the reference pages of `tui/docs`, as plain text. A file there is a topic.

A page begins with `# TOPIC: what it is about`.
"""

import sys
from pathlib import Path

from tui.domain.text import cited
from tui.headless.exit_codes import HEALTHY, UNUSABLE
from tui.headless.output import say
from tui.headless.plain_text import plain
from tui.ops.operations.names import listed, nearest

_PAGES = Path(__file__).parents[1] / "docs"


def run(topic: str | None) -> int:
    """Print the page of `topic`, or without one the topics; 2 where there is no such page.

    Raises OSError: the page cannot be read, or the output cannot be written.
    """
    pages = {path.stem: path for path in sorted(_PAGES.glob("*.md"))}
    if topic is None:
        print(_contents(pages))
        return HEALTHY
    page = pages.get(topic.casefold())
    if page is None:
        near = nearest(topic, pages) or tuple(pages)
        say(f"{cited(topic)} is not a topic; {listed(near)}")
        print(
            "`syncdeck help` lists the topics, `syncdeck COMMAND --help` a command's options",
            file=sys.stderr,
        )
        return UNUSABLE
    print(plain(page.read_text(encoding="utf-8")))
    return HEALTHY


def _contents(pages: dict[str, Path]) -> str:
    longest = max(map(len, pages))
    lines = (f"  {name:<{longest}}  {_purpose(path)}" for name, path in pages.items())
    return "\n".join(("topics of `syncdeck help TOPIC`:", *lines))


def _purpose(page: Path) -> str:
    with page.open(encoding="utf-8") as lines:
        return next(lines).partition(": ")[2].strip()
