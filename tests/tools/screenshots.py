"""The README's pictures: `python -m tests.tools.screenshots` writes `screenshots/*.svg`.

`--check` writes nothing, names what is stale and ends with 1. The pictures are the same bytes on every
machine: fixed seed, fixed clock, and no font but the reader's own monospace one.
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.tools import scenes
from tests.tools.scenes import Scene, Stage

FOLDER = Path(__file__).parents[2] / "screenshots"
PICTURES: Mapping[str, tuple[Scene, tuple[int, int]]] = MappingProxyType(
    {
        "workers": (scenes.workers, (120, 28)),
        "configure": (scenes.configure, (80, 24)),
        "review": (scenes.review, (80, 30)),
        "why": (scenes.why, (80, 24)),
        "maintenance": (scenes.maintenance, (80, 24)),
        "history": (scenes.history, (80, 24)),
        "happened": (scenes.happened, (80, 24)),
        "looking-back": (scenes.looking_back, (80, 24)),
        "conflict": (scenes.conflict, (80, 24)),
        "undo": (scenes.undo, (80, 24)),
        "extensions": (scenes.extensions, (120, 28)),
        "engine": (scenes.engine, (80, 24)),
        "resync": (scenes.resync, (80, 24)),
        "stale": (scenes.stale, (80, 24)),
    }
)
"""Name, scene, columns and lines."""
_FONT_FACE = re.compile(r"\s*@font-face \{.*?\n\s*\}", re.DOTALL)
_MONOSPACE = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


async def picture(name: str) -> str:
    """One picture as SVG."""
    scene, size = PICTURES[name]
    stage = Stage()
    async with stage.lit(size) as deck:
        await scene(stage, deck)
        return with_own_font(stage.app.export_screenshot(title="syncdeck"))


def with_own_font(svg: str) -> str:
    """Without fonts from the network, and without trailing blanks."""
    svg = _FONT_FACE.sub("", svg).replace("Fira Code, monospace", _MONOSPACE)
    return "\n".join(line.rstrip() for line in svg.split("\n")).rstrip() + "\n"


async def pictures() -> dict[str, str]:
    """All of them."""
    return {name: await picture(name) for name in PICTURES}


def stale(drawn: Mapping[str, str]) -> list[str]:
    """The files that are missing, differ, or show what is no longer drawn."""
    files = {file.stem: file for file in FOLDER.glob("*.svg")}
    wrong = [
        name
        for name, svg in drawn.items()
        if name not in files or files[name].read_text(encoding="utf-8") != svg
    ]
    return [f"{name}.svg" for name in (*wrong, *sorted(files.keys() - drawn.keys()))]


def main() -> int:
    """Write the pictures or check them."""
    parser = argparse.ArgumentParser(description="Write screenshots/*.svg from the simulator.")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    check = parser.parse_args().check
    drawn = asyncio.run(pictures())
    if check:
        for name in (old := stale(drawn)):
            print(f"screenshots/{name} is stale: run python -m tests.tools.screenshots", file=sys.stderr)
        return 1 if old else 0
    FOLDER.mkdir(exist_ok=True)
    for name, svg in drawn.items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
