"""`[profiles.X.sets]`: what maintenance stops together."""

import pytest

from tests.config.conftest import GOOD, Write
from tui.config.effective_config import as_toml
from tui.config.file import ConfigError
from tui.config.to_settings import to_facts
from tui.config.validation import validate

TABLE = "[profiles.acme.sets]\n"


def test_sets_are_facts_of_the_profile_and_shown(write: Write) -> None:
    lines = """nightly = ["channel:Amazon", 'name:"Temu DE"', "engine"]\nall = ["kind:sync"]\n"""
    config = validate(write(text=GOOD + TABLE + lines))
    facts = to_facts("acme", config.profiles["acme"])
    words = ("channel:Amazon", 'name:"Temu DE"', "engine")
    assert facts.sets == (("nightly", words), ("all", ("kind:sync",)))
    assert 'nightly = ["channel:Amazon", "name:\\"Temu DE\\"", "engine"]' in as_toml(config)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('nightly = ["chanel:Amazon"]', "'chanel' is not a field"),
        ('nightly = [""]', "it is empty: name what is meant"),
        ("nightly = []", "nightly must be a list of at least one filter"),
        ('nightly = "engine"', "nightly must be a list of filters"),
        ("nightly = [7]", "must be text in quotes"),
        ('"a b" = ["engine"]', "a name has letters, digits, . _ - only"),
        ('"../x" = ["engine"]', "a name has letters, digits, . _ - only"),
    ],
)
def test_what_cannot_be_used_is_named(write: Write, line: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as failure:
        validate(write(text=f"{GOOD}{TABLE}{line}\n"))
    assert sentence in str(failure.value)
    assert "config.toml:" in str(failure.value)
