"""Connections and connectors: look, test, toggle, summary. Source: superoffice PROTOCOL §5, §6."""

from datetime import datetime
from typing import Any

from tui.simulator.http_messages import Answer
from tui.simulator.superoffice.engine import RUN_TAKES, last_run, settle
from tui.simulator.superoffice.errors import message_answer, so_error
from tui.simulator.superoffice.times import NEVER
from tui.simulator.superoffice.world import CONNECTORS, ConnectionRow
from tui.simulator.world import World

Fields = dict[str, Any]
CARRIER_END: Fields = {"TableRight": None, "FieldProperties": None}
RIGHT = {"Mask": "Select, Update", "Reason": ""}
PROPERTIES = {
    "DisplayName": {
        "FieldRight": {"Mask": "Update, UIHintMandatory", "Reason": ""},
        "FieldType": "String",
        "FieldLength": 254,
    }
}


def find(world: World, value: object) -> ConnectionRow | None:
    return world.so.connections.get(value) if isinstance(value, int) else None


def wanted_id(fields: Fields, name: str = "erpconnectionid") -> Answer | None:
    """What to answer where the id is missing (200 with a message) or no number (400)."""
    value = fields.get(name)
    if value is None:
        return message_answer("A connection id is missing.")
    if not isinstance(value, int) or isinstance(value, bool):
        return so_error(400, "SoArgumentException", f"{value!r} is not a valid Int32.")
    return None


def get_all(world: World, fields: Fields) -> Answer:
    deleted = fields.get("includedeleted") is True
    rows = (row for row in world.so.connections.values() if deleted or not row.deleted)
    return Answer(tree=[_carrier(world, row, with_values=False) for row in rows])


def get_one(world: World, fields: Fields) -> Answer:
    """GetConnection: with configuration values; `null` for an unknown one."""
    row = find(world, fields.get("erpconnectionid"))
    return wanted_id(fields) or Answer(tree=row and _carrier(world, row, with_values=True))


def config_values(world: World, fields: Fields) -> Answer:
    """GetErpConnectionConfigFields: map of text to text."""
    row = find(world, fields.get("erpconnectionid"))
    return wanted_id(fields) or Answer(tree=row and row.fields)


def config_metadata(_world: World, fields: Fields) -> Answer:
    """GetConfigurationFields of a connector: FieldMetadata[]."""
    if fields.get("erpconnectorid") not in CONNECTORS:
        return Answer(tree=[])
    kinds = (
        ("SERVER", "Server", "Text"),
        ("COMPANY", "Company", "Integer"),
        ("PASSWORD", "Password", "Password"),
    )
    return Answer(tree=[_metadata(rank, *kind) for rank, kind in enumerate(kinds, 1)])


def _metadata(rank: int, key: str, name: str, kind: str) -> Fields:
    return {
        "FieldKey": key,
        "Rank": rank,
        "DisplayName": name,
        "DisplayDescription": "",
        "FieldType": kind,
        "ListName": "",
        "DefaultValue": "",
        "MaxLength": 254,
        "Access": "Mandatory" if key != "COMPANY" else "Normal",
        "ShowInSearch": False,
        **CARRIER_END,
    }


def toggle(world: World, fields: Fields) -> Answer:
    """ToggleErpConnectionActive: the reasons why it did not happen; `[]`: done."""
    if (problem := wanted_id(fields)) is not None:
        return problem
    row = find(world, fields["erpconnectionid"])
    if row is None or row.deleted:
        return Answer(tree=None)
    if not row.toggle_reasons and not row.ignores_toggle:
        row.active = not row.active
    return Answer(tree=row.toggle_reasons)


def try_by_id(world: World, fields: Fields) -> Answer:
    """TestConnectionById and UpdateConnectionFields: whether the connector answers, as a bare bool."""
    row = find(world, fields.get("erpconnectionid"))
    return wanted_id(fields) or Answer(tree=row is not None and row.test_passes)


def summary(world: World, fields: Fields) -> Answer:
    """GetErpSyncConnectionSummary, whose key has another name than everywhere else."""
    row = find(world, fields.get("erpsyncconnectionid"))
    if row is None:
        return wanted_id(fields, "erpsyncconnectionid") or Answer(tree=None)
    return Answer(
        tree={
            "DisplayName": row.name,
            "DisplayDescription": row.description,
            "Active": row.active,
            "Deleted": row.deleted,
            "LastSync": _synced_at(world, row) or NEVER,
            "Actors": [_actor("Customer"), _actor("Person"), _actor("Project", mapped=False)],
            **CARRIER_END,
        }
    )


def _actor(kind: str, *, mapped: bool = True) -> Fields:
    return {
        "ActorType": kind,
        "HasMappings": mapped,
        "Defaults": "Category: Kunde" if mapped else "",
        "Mappings": "NAME ↔ Name, VATNO → OrgNr" if mapped else "",
        **CARRIER_END,
    }


def connectors(_world: World, _fields: Fields) -> Answer:
    """GetAllConnectors: ListItem[]."""
    items = CONNECTORS.items()
    return Answer(tree=[{"Id": id_, "Name": name, "ToolTip": url} for id_, (name, url) in items])


def connector(_world: World, fields: Fields) -> Answer:
    """GetErpSyncConnectorEntity; its id comes in the query."""
    text = str(fields.get("erpsyncconnectorentityid", ""))
    known = CONNECTORS.get(int(text)) if text.isascii() and text.isdecimal() else None
    if known is None:
        return Answer(tree=None)
    name, url = known
    entity = {"ErpConnectorId": int(text), "DisplayName": name, "URL": url, "Deleted": False}
    return Answer(tree={**entity, **CARRIER_END})


def save_priorities(world: World, fields: Fields) -> Answer:
    """SaveErpConnectionSyncPriorities: the order of the ids is the order of the list from now on."""
    ids, rows = fields.get("erpconnectionids"), world.so.connections
    if not isinstance(ids, list) or any(id_ not in rows for id_ in ids):
        return Answer(tree=False)
    world.so.connections = {id_: rows[id_] for id_ in dict.fromkeys([*ids, *rows])}
    return Answer(tree=True)


def display_fields(world: World, fields: Fields) -> Answer:
    """GetConnectionsAndDisplayFields: is this record linked, per connection."""
    entity = fields.get("entityid")
    return Answer(
        tree=[
            {
                "ErpConnectionId": row.id,
                "ConnectionName": row.name,
                "Connected": isinstance(entity, int) and (entity + row.id) % 2 == 0,
                "ErpFields": [_metadata(1, "CUSTNO", "Customer number", "Text")],
                "CrmActorType": fields.get("crmactortype") or "Contact",
                "ErpActorType": "Customer",
                "ErpActorTypes": ["Customer", "Supplier"],
                **CARRIER_END,
            }
            for row in world.so.active
        ]
    )


def _carrier(world: World, row: ConnectionRow, *, with_values: bool) -> Fields:
    synced = _synced_at(world, row)
    return {
        "ErpConnectionId": row.id,
        "ErpConnectorId": row.connector_id,
        "DisplayName": row.name,
        "DisplayDescription": row.description,
        "Active": row.active,
        "ConnectionId": row.guid,
        "MostRecentTimestamp": "" if synced is None else f"{synced:%Y%m%d%H%M%S}",
        # Described as without values, yet the sample shows some (§5): the first row keeps its own.
        "ConfigFields": row.fields if with_values or row.id == 1 else {},
        "Deleted": row.deleted,
        "AllAccess": row.id != 2,
        "UserGroupAccessIds": [] if row.id != 2 else [1, 4],
        "AssociateAccessIds": [],
        "TableRight": RIGHT if row.id == 1 else None,
        "FieldProperties": PROPERTIES if row.id == 1 else None,
    }


def _synced_at(world: World, row: ConnectionRow) -> datetime | None:
    """When its last sync ended: with the engine's runs while both are on."""
    settle(world)
    if row.active and not row.deleted and world.so.running and row.synced_at is not None:
        began = world.seen_at - last_run(world)
        if (world.seen_at - began).total_seconds() > RUN_TAKES:
            row.synced_at = max(row.synced_at, began)
    return row.synced_at
