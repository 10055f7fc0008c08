"""The six extension calls. Source: jtl PROTOCOL §3, §6."""

import base64
import binascii
from hashlib import sha512
from typing import Any

from tui.simulator.http_messages import Answer, empty, lowered
from tui.simulator.jtl.call import Call, read_id
from tui.simulator.jtl.errors import error_answer, invalid, not_found
from tui.simulator.jtl.json_rows import extension, page
from tui.simulator.jtl.seed import uuid_from
from tui.simulator.jtl.world import ExtensionRow
from tui.simulator.world import World

PAGE_SIZE, LARGEST_PAGE = 20, 100
"""Nothing is published (§9 no. 8); a larger page than that is cut, and the envelope says so."""
TEXTS = ("ExtensionId", "Version", "ManifestHash")
PENDING = 1


def extensions(world: World, call: Call) -> Answer:
    match call.request.method, call.parts:
        case "GET", ():
            return Answer(tree=_page(world, call))
        case "POST", ():
            return _create(world, call)
        case "GET", (row_id,):
            return Answer(tree=extension(_find(world, row_id)))
        case "PATCH", (row_id,):
            return Answer(tree=_update(world, call, _find(world, row_id)))
        case "DELETE", (row_id,):
            del world.jtl.extensions[_find(world, row_id).id]
            return empty(204)
        case "PUT", (row_id, part) if part.lower() == "manifest":
            return _manifest(world, call, _find(world, row_id))
        case _, ():
            return empty(405, ("Allow", "GET, POST"))
        case _, (_,):
            return empty(405, ("Allow", "GET, PATCH, DELETE"))
        case _, (_, part) if part.lower() == "manifest":
            return empty(405, ("Allow", "PUT"))
    raise not_found("The path")


def _page(world: World, call: Call) -> Any:
    query = lowered(call.request.query)
    errors: dict[str, list[str]] = {}
    number = _count(query, "pageNumber", 1, errors)
    size = _count(query, "pageSize", PAGE_SIZE, errors)
    if errors:
        raise invalid(errors)
    return page(list(world.jtl.extensions.values()), number, min(size, LARGEST_PAGE))


def _count(query: dict[str, str], name: str, default: int, errors: dict[str, list[str]]) -> int:
    text = query.get(name.lower(), str(default))
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text) > 0):
        errors[name] = [f"'{text}' is not a number from 1."]
        return default
    return int(text)


def _find(world: World, text: str) -> ExtensionRow:
    row = world.jtl.extensions.get(read_id(text, "extensionId"))
    if row is None:
        raise not_found(f"The extension {text}")
    return row


def _texts(fields: dict[str, Any], *, required: bool) -> dict[str, str]:
    """The text fields that were given, by their PascalCase names."""
    given: dict[str, str] = {}
    errors: dict[str, list[str]] = {}
    for name in TEXTS:
        value = fields.get(name.lower())
        if isinstance(value, str) and value.strip():
            given[name] = value
        elif value is not None or required:
            errors[name] = ["A text is required."]
    if errors:
        raise invalid(errors)
    return given


def _create(world: World, call: Call) -> Answer:
    texts = _texts(call.fields, required=True)
    rows, now = world.jtl.extensions, world.clock()
    if any(row.extension_id == texts["ExtensionId"] for row in rows.values()):
        return error_answer(409, "CONFLICT", f"The extension {texts['ExtensionId']} exists already.")
    row = ExtensionRow(
        id=uuid_from(world.jtl.names),
        extension_id=texts["ExtensionId"],
        version=texts["Version"],
        manifest_hash=texts["ManifestHash"],
        status=PENDING,
        created=now,
        changed=now,
    )
    rows[row.id] = row
    return Answer(201, extension(row))


def _update(world: World, call: Call, row: ExtensionRow) -> Any:
    fields = call.fields
    fields.pop("extensionid", None)
    texts, status = _texts(fields, required=False), fields.get("status")
    if status is not None and (isinstance(status, bool) or status not in (0, 1, 2)):
        raise invalid({"Status": ["The value must be 0 (Disabled), 1 (Pending) or 2 (Active)."]})
    row.version = texts.get("Version", row.version)
    row.manifest_hash = texts.get("ManifestHash", row.manifest_hash)
    row.status = row.status if status is None else status
    row.changed = world.clock()
    return extension(row)


def _manifest(world: World, call: Call, row: ExtensionRow) -> Answer:
    """412 where the manifest is not what ManifestHash says; any non-empty signature is believed."""
    fields = call.fields
    manifest = _bytes(fields.get("manifest"), "Manifest")
    _bytes(fields.get("signature"), "Signature")
    if sha512(manifest).hexdigest() != row.manifest_hash.lower():
        return error_answer(412, "SIGNATURE_INVALID", "The signature of the manifest is not valid.")
    row.changed = world.clock()
    return empty(204)


def _bytes(value: object, name: str) -> bytes:
    try:
        decoded = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise invalid({name: ["Base64 bytes are required."]})
    return decoded
