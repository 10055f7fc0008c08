"""A secret in the reason of a maintenance goes nowhere."""

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.simulator import RunningSimulator
from tui.paths import state_dir

SECRETS = ("Hunter2Secret99", "PlantedPw77")
REASON = "nightly batch password=Hunter2Secret99, https://u:PlantedPw77@shop.example/x"
OUTPUTS = [
    ("maintenance", "list"),
    ("maintenance", "list", "--json"),
    ("run", "worker.start", "Temu DE", "--dry-run"),
    ("run", "worker.start", "Temu DE", "--dry-run", "--json"),
]


@pytest.mark.usefixtures("syncs")
def test_it_is_masked_before_it_is_noted(erp: RunningSimulator) -> None:
    terms = ("--reason", REASON, "--until", "2h", "--yes", "--profile", "sim")
    opened = syncdeck("maintenance", "open", "few", "--target", 'name:"Temu DE"', *terms)
    written = [opened, *(syncdeck(*arguments) for arguments in OUTPUTS)]
    texts = [done.out + done.err for done in written]
    assert all("nightly batch" in text for text in texts), texts
    place = state_dir()
    assert place is not None
    texts += [path.read_text() for path in (place / "maintenance").rglob("*.json*")]
    assert len(texts) > len(written)
    assert not [text for text in texts if any(secret in text for secret in SECRETS)]
