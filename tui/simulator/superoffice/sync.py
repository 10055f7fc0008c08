"""Sync and forced resync: PluginResponse in all its shapes. Source: superoffice PROTOCOL §5, §6, §11."""

from typing import Any

from tui.simulator.http_messages import Answer, empty
from tui.simulator.superoffice.connections import CARRIER_END, find, wanted_id
from tui.simulator.superoffice.errors import message_answer, so_error
from tui.simulator.superoffice.world import ConnectionRow, Outcome
from tui.simulator.world import World

Fields = dict[str, Any]
ACTOR_TYPES = {"unknown", "customer", "supplier", "partner", "person", "project", "employee", "sale"}
EXPLANATIONS = {
    "Ok": "",
    "OkWithInfo": "Done. Some records had nothing to change.",
    "Warning": "Some records were passed over.",
    "Error": "The connector did not answer.",
}
TECHNICAL = {
    "Warning": "2 of 40 records: mapping for COUNTRY has no value 'XX'",
    "Error": "timeout after 100 s\n   at SuperOffice.ErpSync.Engine.Connector.Send(Request request)",
}


def sync_all(world: World, _fields: Fields, method: str = "syncall") -> Answer:
    active = world.so.active
    for row in active:
        row.synced_at = world.seen_at
    world.so.log.add([row.id for row in active], world.seen_at, 2)
    return _answer(_outcome(world, method), [row.id for row in active])


def resync(world: World, fields: Fields) -> Answer:
    """ForceResync and its NoBlankValues twin: by internal keys, none means everything."""
    keys = fields.get("internalkeyids")
    if keys is not None and not _all_of(keys, int):
        return so_error(400, "SoArgumentException", "InternalKeyIds must be an array of Int32.")
    return wanted_id(fields) or _resync(world, fields["erpconnectionid"], keys or [], "forceresync")


def resync_batch(world: World, fields: Fields) -> Answer:
    """ForceResyncBatchTask: queued, 204, no task id."""
    problem = wanted_id(fields)
    if problem is None:
        world.so.batch_tasks.append(fields)
        world.so.batch_queued.append(world.clock())
    return problem or empty(204)


def resync_external(world: World, fields: Fields) -> Answer:
    """ForceResyncExternal and its twin: by ERP keys of one actor type."""
    keys, actor = fields.get("externalkeys"), fields.get("erpactortype")
    if actor is None:
        return message_answer("The parameter ErpActorType is missing.")
    if str(actor).lower() not in ACTOR_TYPES or (keys is not None and not _all_of(keys, str)):
        return so_error(400, "SoArgumentException", "ErpActorType or ExternalKeys is not valid.")
    numbers = list(range(1, len(keys or []) + 1))
    return wanted_id(fields) or _resync(world, fields["erpconnectionid"], numbers, "forceresyncexternal")


def _all_of(keys: object, kind: type) -> bool:
    return isinstance(keys, list) and all(isinstance(key, kind) for key in keys)


def _resync(world: World, connection_id: int, keys: list[int], method: str) -> Answer:
    """A positive id names the connection as the source; any other means CRM (§5)."""
    row = find(world, connection_id)
    told = world.so.outcomes.keys() & {method, "*"}
    failure = _failure(row) if connection_id > 0 and not told else None
    if failure is None and row is not None:
        row.synced_at = world.seen_at
    if failure is None:
        receivers = [row.id] if row is not None else [one.id for one in world.so.active]
        world.so.log.add(receivers, world.seen_at, len(keys) or 5)
    return _answer(failure or _outcome(world, method), keys)


def _failure(row: ConnectionRow | None) -> Outcome | None:
    if row is None:
        unknown = "The connection is not known."
        return Outcome(
            "Error", None, unknown, "no such ErpConnection", "UNKNOWN_CONNECTION_ID", changes=False
        )
    if not row.active or row.deleted:
        return Outcome("Error", None, f"The connection {row.name} is not active.", "", changes=False)
    return None if row.test_passes else Outcome("Error", changes=False)


def _outcome(world: World, method: str) -> Outcome:
    outcomes = world.so.outcomes
    return outcomes.get(method) or outcomes.get("*") or Outcome()


def _answer(outcome: Outcome, record_ids: list[int]) -> Answer:
    status = outcome.status
    explanation, technical = outcome.explanation, outcome.technical
    changed = outcome.changes and status != "Error" and bool(record_ids)
    return Answer(
        tree={
            "IsOk": status != "Error" if outcome.is_ok is None else outcome.is_ok,
            "UserExplanation": EXPLANATIONS.get(status, "") if explanation is None else explanation,
            "TechExplanation": TECHNICAL.get(status, "") if technical is None else technical,
            "ErrorCode": outcome.error_code,
            "Changes": _changes(record_ids) if changed else None,
            "Status": status,
            **CARRIER_END,
        }
    )


def _changes(record_ids: list[int]) -> Fields:
    return {
        "AddedRecords": [],
        "UpdatedRecords": [
            {"Tablename": "contact", "RecordId": id_, **CARRIER_END} for id_ in record_ids
        ],
        "DeletedRecords": [],
        **CARRIER_END,
    }
