"""How the JTL side begins: everything that exists at the first moment, from the seed alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha512
from random import Random
from uuid import UUID

from tui.simulator.jtl.sample_shop import (
    EXTENSION_NAMES,
    FAILURES,
    KINDS,
    PLACES,
    SYNCS,
    SyncPlan,
)
from tui.simulator.jtl.world import (
    DEACTIVATED,
    FAILED,
    FINISHED,
    LOCKED,
    RUNNING,
    ExtensionRow,
    JtlWorld,
    Kind,
    Phase,
    Sync,
)
from tui.simulator.options import SimulateOptions

LATE_START = timedelta(minutes=3)
"""When the overdue sync of the beginning gets its turn."""


def uuid_from(chance: Random) -> str:
    """A random uuid that depends on the seed only."""
    return str(UUID(int=chance.getrandbits(128), version=4))


def born(options: SimulateOptions, now: datetime) -> JtlWorld:
    names = Random(f"jtl {options.seed}")
    kinds = {plan.name: _born(plan, names) for plan in KINDS}
    syncs = (_sync(number, options, kinds, names, now) for number in range(options.workers))
    rows = (_extension(number, names, now) for number in range(options.extensions))
    return JtlWorld(
        kinds=kinds,
        syncs={sync.id: sync for sync in syncs},
        extensions={row.id: row for row in rows},
        names=names,
    )


def _born(kind: Kind, names: Random) -> Kind:
    return replace(kind, options=[replace(one, id=uuid_from(names)) for one in kind.options])


def _sync(
    number: int, options: SimulateOptions, kinds: dict[str, Kind], names: Random, now: datetime
) -> Sync:
    plan = SYNCS[number] if number < len(SYNCS) else _further_plan(number, names)
    return Sync(
        id=uuid_from(names),
        kind=kinds[plan.kind],
        channel=plan.channel,
        channel_id=f"1-{list(kinds).index(plan.kind) + 1}-{number + 1}",
        interval=plan.interval,
        phase=_first_phase(plan, now),
        chance=Random(f"sync {options.seed} {number}"),
        reports_progress=plan.reports_progress,
        ran=plan.ran,
        locked=plan.state == LOCKED,
        failing=plan.text if plan.state == FAILED else None,
    )


def _further_plan(number: int, names: Random) -> SyncPlan:
    kind = KINDS[number % (len(KINDS) - 1)]
    interval = max(kind.minimum, names.choice((300, 300, 600, 900, 1_800)))
    state = names.choices((FINISHED, RUNNING, FAILED, LOCKED, DEACTIVATED), (90, 5, 2, 1, 2))[0]
    text = {FAILED: names.choice(FAILURES), LOCKED: "account locked"}.get(state, "")
    channel = f"{names.choice(PLACES)} {number + 1}"
    age = 20 if state == RUNNING else names.randrange(5, interval - 20)
    return SyncPlan(kind.name, channel, interval, state, age, text, number % 9 == 0)


def _first_phase(plan: SyncPlan, now: datetime) -> Phase:
    since = now - timedelta(seconds=plan.age)
    if plan.state == RUNNING:
        return Phase(RUNNING, since, since + timedelta(seconds=plan.age / 0.42), total=1_000)
    if plan.state in (LOCKED, DEACTIVATED):
        return Phase(plan.state, since, None, plan.text)
    next_run = since + timedelta(seconds=plan.interval)
    return Phase(plan.state, since, next_run if next_run > now else now + LATE_START, plan.text)


def _extension(number: int, names: Random, now: datetime) -> ExtensionRow:
    name = EXTENSION_NAMES[number % len(EXTENSION_NAMES)]
    turn = number // len(EXTENSION_NAMES)
    extension_id = f"de.muster.{name}" + (f"-{turn + 1}" if turn else "")
    created = now - timedelta(days=names.randrange(2, 700), seconds=names.randrange(86_400))
    return ExtensionRow(
        id=uuid_from(names),
        extension_id=extension_id,
        version=f"{names.randrange(1, 4)}.{names.randrange(12)}.{names.randrange(30)}",
        manifest_hash=sha512(f"{extension_id} {number}".encode()).hexdigest(),
        status=names.choices((0, 1, 2), (1, 2, 7))[0],
        created=created,
        changed=created + (now - created) * names.random(),
    )
