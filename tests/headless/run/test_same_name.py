"""Two syncs of one name are told apart by the one-shot commands as well."""

from collections.abc import Iterator

import pytest

from tests.drivers.answering import AnsweringServer, identifier, status, sync
from tests.drivers.command import Run


@pytest.fixture
def server() -> Iterator[AnsweringServer]:
    syncs = [
        sync(1, SalesChannelName="Temu Laden"),
        sync(2, SalesChannelName="TEMU Laden", SalesChannelId="2-2-1"),
    ]
    with AnsweringServer(syncs, [status(1, -60), status(2, -60, State=4)]) as running:
        running.configured()
        yield running


def test_t7_the_channel_id_is_in_the_json_and_in_the_text(server: AnsweringServer, ran: Run) -> None:
    done = ran("workers", "--json")
    assert [(item["id"], item["channel_id"]) for item in done.document["items"]] == [
        (identifier(2), "2-2-1"),
        (identifier(1), "1-1-1"),
    ]
    assert "2-2-1 · Shop · TEMU Laden" in ran("workers").out
    assert "2-2-1 · Shop · TEMU Laden" in ran("status").out
    assert ran("status", "--json").document["items"][0]["name"].startswith("2-2-1 · ")


@pytest.mark.parametrize("name", ["Temu Laden", "Shop · Temu Laden", "name:shop · temu  laden"])
def test_t7_a_name_that_several_have_is_refused_and_what_is_done_names_one(
    server: AnsweringServer, ran: Run, name: str
) -> None:
    refused = ran("run", "worker.start", name, "--yes")
    assert refused.code == 2
    assert "1-1-1 · Shop · Temu Laden" in refused.out + refused.err
    assert "2-2-1 · Shop · TEMU Laden" in refused.out + refused.err
    assert not [call for call in server.received if call.startswith("PUT")]
    done = ran("run", "worker.start", identifier(2), "--dry-run")
    assert "2-2-1 · Shop · TEMU Laden" in done.out
