"""The four worker calls: list, status, configure, control. Source: jtl PROTOCOL §1."""

from typing import Any

from tui.domain.intervals import Interval, timespan
from tui.simulator.http_messages import Answer, empty, lowered
from tui.simulator.jtl import worker_lifecycle as life
from tui.simulator.jtl.call import Call, read_id
from tui.simulator.jtl.errors import invalid, not_found, refusal
from tui.simulator.jtl.json_rows import camel, sync_item, sync_list, sync_status
from tui.simulator.jtl.world import Kind, Sync
from tui.simulator.world import World

CONFIG_NAMES = ("configs", "configurations")


def workers(world: World, call: Call) -> Answer:
    """Answer a call under `/workers`; the list is kept in both casings."""
    match call.request.method, call.parts:
        case "GET", ():
            return Answer(tree=_list(world, camel_case=call.camel), cased=True)
        case "GET", (part,) if part.lower() == "status":
            return Answer(tree=_statuses(world, call))
        case "POST", (sync_id,):
            return Answer(tree=_configure(world, call, _find(world, sync_id)))
        case "PUT", (sync_id,):
            return _control(world, call, _find(world, sync_id))
        case _, ():
            return empty(405, ("Allow", "GET"))
        case _, (part,):
            return empty(405, ("Allow", "GET" if part.lower() == "status" else "POST, PUT"))
    raise not_found("The path")


def _list(world: World, *, camel_case: bool) -> Any:
    trees = world.jtl.trees
    if camel_case not in trees:
        tree = sync_list(world.jtl)
        trees[camel_case] = camel(tree) if camel_case else tree
    return trees[camel_case]


def _statuses(world: World, call: Call) -> list[Any]:
    wanted = lowered(call.request.query).get("syncid")
    chosen = world.jtl.syncs.values() if wanted is None else (_find(world, wanted),)
    return [
        sync_status(world.jtl, world.sync_now(sync), world.seen_at) for sync in chosen if sync.reported
    ]


def _find(world: World, text: str) -> Sync:
    sync = world.jtl.syncs.get(read_id(text, "syncId"))
    if sync is None or not (sync.listed or sync.reported):
        raise not_found(f"The sync {text}")
    return sync


def _configure(world: World, call: Call, sync: Sync) -> Any:
    """Only the given parts change, all of them or none; a new interval counts from the next run."""
    fields = call.fields
    # v1 knows `Configs` alone and passes over the later name; v2.0 and v2.1 differ, so v2 takes both.
    names = CONFIG_NAMES if call.camel else CONFIG_NAMES[:1]
    configs: object = next((fields[name] for name in names if fields.get(name) is not None), [])
    errors: dict[str, list[str]] = {}
    seconds = _rounded(_interval(fields.get("interval"), sync.kind, errors), world.jtl.round_interval)
    values = _values(configs, sync.kind, errors)
    if errors:
        raise invalid(errors)
    world.sync_now(sync)
    sync.interval = sync.interval if seconds is None else seconds
    for option in sync.kind.options:
        option.value = values.get(option.id, option.value)
    world.jtl.trees.clear()
    return sync_item(sync)


def _interval(given: object, kind: Kind, errors: dict[str, list[str]]) -> float | None:
    if given is None:
        return None
    seconds = (
        Interval.read(given).seconds if isinstance(given, str) and "P" not in given.upper() else None
    )
    if seconds is None or seconds <= 0:
        errors["Interval"] = [f"'{given}' is not a valid TimeSpan."]
    elif seconds < kind.minimum:
        errors["Interval"] = [f"The minimum interval of {kind.name} is {timespan(kind.minimum)}."]
    return seconds


def _rounded(seconds: float | None, multiple: float) -> float | None:
    if seconds is None or multiple <= 0:
        return seconds
    return max(multiple, seconds - seconds % multiple)


def _values(configs: object, kind: Kind, errors: dict[str, list[str]]) -> dict[str, str]:
    """The new values by option identifier; what is wrong goes to `errors`."""
    if not isinstance(configs, list):
        errors["Configs"] = ["The value must be an array."]
        return {}
    options, values = {option.id: option for option in kind.options}, {}
    for index, item in enumerate(configs):
        given = lowered(item) if isinstance(item, dict) else {}
        option = options.get(str(given.get("identifier")).lower())
        if option is None:
            errors[f"Configs[{index}].Identifier"] = [f"{kind.name} has no such option."]
        elif (problem := _problem(option.type_name, given.get("value"), option.required)) is not None:
            errors[f"Configs[{index}].Value"] = [problem]
        else:
            text = str(given["value"])
            values[option.id] = text.lower() if option.type_name == "bool" else text
    return values


def _problem(type_name: str, value: object, required: bool) -> str | None:
    if not isinstance(value, str):
        return "The value must be a string."
    if required and not value.strip():
        return "A value is required."
    if type_name == "bool" and value.lower() not in ("true", "false"):
        return f"'{value}' is not a valid bool."
    if type_name == "int" and not _is_int32(value):
        return f"'{value}' is not a valid int."
    return None


def _is_int32(text: str) -> bool:
    digits = text.strip().removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) < 11 and -(2**31) <= int(text) < 2**31


def _control(world: World, call: Call, sync: Sync) -> Answer:
    action = call.fields.get("action")
    if not isinstance(action, int) or isinstance(action, bool) or action not in (0, 1, 2):
        raise invalid({"Action": ["The value must be 0 (Start), 1 (Stop) or 2 (Restart)."]})
    if not sync.kind.controllable:
        raise refusal(422, "SyncNotControllable", f"{sync.kind.name} cannot be started or stopped.")
    life.request(world.jtl, world.sync_now(sync), action, world.clock())
    return empty(204)
