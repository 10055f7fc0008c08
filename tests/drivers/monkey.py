"""A monkey at the console: random keys, sizes, faults, expired tokens, restarts; and what must hold
whatever it does.

`python -m tests.drivers.monkey --steps 10000 --seed 1` lets it loose for long and prints how
far it came.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeAlias

from textual.widgets import Input

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.ui.widgets.inputs import NameInput

PROFILE = "sim"
_LONGEST = 600.0
"""Seconds for one monkey, also on a busy machine."""
LAST_STEPS = ("a", "y")
KEYS = (
    *"123456jkgGoOrpnexsRtTfDmuyYUPvilLwSFdb*-/?: ",
    *("up", "down", "left", "right", "pageup", "pagedown", "home", "end", "tab", "shift+tab"),
    *(
        "enter",
        "enter",
        "escape",
        "escape",
        "backspace",
        "ctrl+s",
        "f2",
        "f3",
        "f10",
        "ctrl+p",
        "ctrl+u",
    ),
    *("a", "a", "y", "q", "5", "m", "0"),
)
BEGINNINGS = (
    *(("1", key) for key in "sxRe"),
    *(("2", key) for key in "tDenm"),
    *(("3", key) for key in "sxeSFf"),
    *(("4", key) for key in "tTwLf"),
)
PLACES = (
    "GET .*/workers$",
    "GET .*/workers/status",
    "GET .*/extensions",
    "GetEngineStatus",
    "GetAllConnections",
    "ErpSync/",
    "(POST|PUT|PATCH|DELETE) .*/(workers|extensions)",
    ".",
)
KINDS = (
    *(
        "status:400",
        "status:401",
        "status:403",
        "status:404",
        "status:409",
        "status:429,1",
        "status:503",
    ),
    *(
        "html",
        "null",
        "empty",
        "message:no",
        "broken-json",
        "reset",
        "lost",
        "truncated",
        "redirect-login",
    ),
    *("wrong-types", "one-bad-row", "hostile", "slow:0.2", "421", "interval-text:15 minutes"),
)


@dataclass(frozen=True)
class Key:
    """One key."""

    name: str


@dataclass(frozen=True)
class Name:
    """The profile's name is typed, and enter pressed."""


@dataclass(frozen=True)
class Begin:
    """An operation is begun on its screen."""

    screen: str
    key: str


@dataclass(frozen=True)
class Finish:
    """Whatever last step there is, is made."""


@dataclass(frozen=True)
class Size:
    """The window gets another size."""

    columns: int
    lines: int


@dataclass(frozen=True)
class Fault:
    """The server misbehaves, so many times."""

    place: str
    kind: str
    count: int


@dataclass(frozen=True)
class Calm:
    """The server behaves again."""


@dataclass(frozen=True)
class Expire:
    """Every token ends; SuperOffice's static one is good again after `back`."""

    back: bool


@dataclass(frozen=True)
class Restart:
    """The server is stopped and started again, with or without a look in between."""

    seen: bool


Step: TypeAlias = Key | Name | Begin | Finish | Size | Fault | Calm | Expire | Restart


def drawn(chance: Random) -> Step:
    """The next thing that a monkey does."""
    match chance.choices(range(9), (60, 4, 4, 6, 8, 2, 1, 12, 10))[0]:
        case 0:
            return Key(chance.choice(KEYS))
        case 1:
            return Name()
        case 2:
            return Size(chance.randint(20, 200), chance.randint(5, 60))
        case 3:
            return Fault(chance.choice(PLACES), chance.choice(KINDS), chance.randint(1, 4))
        case 4:
            return Calm()
        case 5:
            return Expire(chance.random() < 0.7)
        case 6:
            return Restart(chance.random() < 0.5)
        case 7:
            return Begin(*chance.choice(BEGINNINGS))
        case _:
            return Finish()


@dataclass
class Monkey:
    """One monkey at one console."""

    deck: Console
    erp: RunningSimulator
    steps: int = 0
    writes: int = 0
    is_armed: bool = False
    """Whether a last step was made since everything was quiet."""
    told: list[Step] = field(default_factory=list)

    @property
    def has_left(self) -> bool:
        """Whether it ended the console, which it may."""
        return self.deck.app.return_code is not None

    async def does(self, step: Step) -> None:
        """One step, and what must hold after it."""
        self.steps += 1
        self.told.append(step)
        match step:
            case Key(name="q") if not self.deck.heading():
                return
            case Key(name=name):
                self._watch_last_step(name)
                await self.deck.press("space" if name == " " else name)
            case Name():
                await self.deck.type(PROFILE)
                self._watch_last_step("enter")
                await self.deck.press("enter")
            case Begin(screen=screen, key=key):
                await self.deck.press("escape", "escape", "escape", screen, key)
            case Finish():
                for key in LAST_STEPS:
                    await self.does(Key(key))
                await self.does(Name())
            case Size():
                await self.deck.resize(step.columns, step.lines)
            case Fault():
                self.erp.fault(f"{step.place}={step.kind}*{step.count}")
            case Calm():
                self.erp.clear_faults()
                self.erp.state(superoffice={"tokens_expired": False})
            case Expire():
                self.erp.state(
                    jtl={"expire_tokens": True}, superoffice={"tokens_expired": not step.back}
                )
            case Restart():
                self.erp.stop()
                if step.seen:
                    await self.deck.press("r")
                self.erp.start()
                self.writes = min(self.writes, len(self.deck.sent()))
        self.holds()

    def _watch_last_step(self, key: str) -> None:
        focused = self.deck.app.focused
        typed = isinstance(focused, NameInput) and focused.value == PROFILE
        if self.deck.heading() and (
            (key in LAST_STEPS and not isinstance(focused, Input)) or (key == "enter" and typed)
        ):
            self.is_armed = True

    def holds(self) -> None:
        """Alive, no bug, no write without its last step, nothing old that is called live."""
        app = self.deck.app
        assert app.survived == [], self.told
        assert app.fault is None, self.told
        writes = len(self.deck.sent())
        assert writes <= self.writes or self.is_armed, f"a write without a last step: {self.told}"
        self.writes = writes
        if not app.session.is_sending:
            self.is_armed = False
        self._is_honest()

    def _is_honest(self) -> None:
        deck, core = self.deck.app.tab_screen, self.deck.app.session.core
        if deck is None or core is None or self.has_left:
            return
        deck.look_at_clock()
        failed = [topic for topic in deck.TOPICS if core.store.snapshot(topic).error is not None]
        said = self.deck.chip()
        assert not failed or said.startswith(("stale", "no data", "paused", "not configured")), (
            f"{failed} failed, and the chip says {said!r}: {self.told}"
        )
        screen = "".join(self.deck.lines())
        assert screen.isprintable(), self.told
        assert not any(secret in screen for secret in (self.erp.client_secret, self.erp.so_token))


async def loose(seed: int, most: int) -> int:
    """A monkey of that seed, until it leaves or has done so many steps; how many it did."""
    chance = Random(seed)
    with RunningSimulator(still=True, extensions=8) as erp:
        async with console(erp, refresh={"workers": 1, "engine": 1}, longest=_LONGEST) as deck:
            monkey = Monkey(deck, erp)
            while monkey.steps < most and not monkey.has_left:
                await monkey.does(drawn(chance))
    return monkey.steps


def main() -> None:
    """Let monkeys loose, each for at most 250 steps, until so many were made."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    done, seed = 0, given.seed
    while done < given.steps:
        with tempfile.TemporaryDirectory() as home:
            for name in ("CONFIG", "STATE_DIR", "CACHE_DIR"):
                os.environ[f"SYNCDECK_{name}"] = str(Path(home) / name.lower())
            try:
                done += asyncio.run(loose(seed, min(250, given.steps - done)))
            except BaseException:
                print(f"broke after {done} steps, in the monkey of seed {seed}", file=sys.stderr)
                raise
        seed += 1
        print(f"\r{done} steps, next seed {seed}", end="", flush=True)
    print(f"\n{done} steps without a break, seeds {given.seed} to {seed - 1}")


if __name__ == "__main__":
    main()
