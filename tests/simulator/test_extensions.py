"""The extension calls as an operator's client sees them."""

import base64
from hashlib import sha512

import pytest

from tests.simulator.conftest import Erp

NEW = {"ExtensionId": "de.muster.neu", "Version": "1.0.0", "ManifestHash": "ab" * 64}


async def test_pages_follow_each_other_to_the_end(erp: Erp) -> None:
    first = (await erp.cloud("GET", "/extensions")).json()
    last = (await erp.cloud("GET", "/v2/extensions?pageNumber=2&pageSize=20")).json()
    assert (first["TotalItems"], first["PageSize"], first["TotalPages"]) == (25, 20, 2)
    assert (first["PreviousPageNumber"], first["NextPageNumber"]) == (None, 2)
    assert (len(last["items"]), last["hasNextPage"], last["nextPageNumber"]) == (5, False, None)
    assert set(last["items"][0]) == {
        "id", "extensionId", "version", "created", "lastChanged", "manifestHash", "status",
    }  # fmt: skip
    assert (await erp.cloud("GET", "/extensions?pageSize=500")).json()["PageSize"] == 100
    assert (await erp.cloud("GET", "/extensions?pageNumber=0")).status_code == 400
    assert (await erp.cloud("GET", "/extensions?pageNumber=99")).json()["Items"] == []


async def test_an_extension_lives_from_create_to_delete(erp: Erp) -> None:
    created = await erp.cloud("POST", "/v1/extensions", json=NEW)
    row = created.json()
    assert (created.status_code, row["Status"], row["Created"]) == (201, 1, row["LastChanged"])
    erp.clock.pass_(60)
    updated = (await erp.cloud("PATCH", f"/extensions/{row['Id']}", json={"Status": 2})).json()
    assert (updated["Status"], updated["Version"]) == (2, "1.0.0")
    assert updated["LastChanged"] > updated["Created"]
    assert (await erp.cloud("GET", f"/v2/extensions/{row['Id']}")).json()["status"] == 2
    assert (await erp.cloud("DELETE", f"/extensions/{row['Id']}")).status_code == 204
    assert (await erp.cloud("GET", f"/extensions/{row['Id']}")).status_code == 404


async def test_what_is_missing_is_named_and_a_second_of_a_name_conflicts(erp: Erp) -> None:
    errors = (await erp.cloud("POST", "/extensions", json={"ExtensionId": "x"})).json()["Errors"]
    assert set(errors) == {"Version", "ManifestHash"}
    await erp.cloud("POST", "/extensions", json=NEW)
    assert (await erp.cloud("POST", "/extensions", json=NEW)).status_code == 409


@pytest.mark.parametrize("status", [3, -1, "2", True])
async def test_a_status_that_does_not_exist_is_refused(erp: Erp, status: object) -> None:
    row_id = next(iter(erp.world.jtl.extensions))
    answer = await erp.cloud("PATCH", f"/v2/extensions/{row_id}", json={"status": status})
    assert answer.status_code == 400
    assert "status" in answer.json()["errors"]


async def test_a_manifest_must_be_what_its_hash_says(erp: Erp) -> None:
    manifest = b'{"name": "neu"}'
    body = {
        "Manifest": base64.b64encode(manifest).decode(),
        "Signature": base64.b64encode(b"s").decode(),
    }
    wrong = (await erp.cloud("POST", "/extensions", json=NEW)).json()["Id"]
    refused = await erp.cloud("PUT", f"/extensions/{wrong}/manifest", json=body)
    assert (refused.status_code, refused.json()["ErrorCode"]) == (412, "SIGNATURE_INVALID")
    right = {"ManifestHash": sha512(manifest).hexdigest().upper()}
    await erp.cloud("PATCH", f"/extensions/{wrong}", json=right)
    assert (await erp.cloud("PUT", f"/extensions/{wrong}/manifest", json=body)).status_code == 204
    no_bytes = {"Manifest": "?", "Signature": ""}
    assert (await erp.cloud("PUT", f"/extensions/{wrong}/manifest", json=no_bytes)).status_code == 400
