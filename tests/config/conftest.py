"""A config that is right, to be broken one way at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tui.config.file import ConfigError, ConfigFile, read
from tui.config.validation import validate

GOOD = """\
default_profile = "acme"

[profiles.acme]
environment = "production"

[profiles.acme.jtl]
base_url = "https://api.jtl-cloud.com/erp"
tenant_id = "00000000-0000-0000-0000-000000000000"
[profiles.acme.jtl.auth]
type = "client-credentials"
token_url = "https://auth.jtl-cloud.com/oauth2/token"
client_id = "app"
client_secret = { env = "ACME_JTL_SECRET" }

[profiles.acme.superoffice]
base_url = "https://online3.superoffice.com/Cust12345"
[profiles.acme.superoffice.auth]
type = "bearer"
token = { env = "ACME_SO_TOKEN" }

[profiles.acme.refresh]
workers = 5
"""

Write = Callable[..., ConfigFile]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the good config with parts replaced (`old=new` pairs in order), and read it."""

    def written(*swaps: tuple[str, str], text: str = GOOD) -> ConfigFile:
        for old, new in swaps:
            assert old in text, f"{old!r} is not in the config"
            text = text.replace(old, new, 1)
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return read(path)

    return written


@pytest.fixture
def refused(write: Write, tmp_path: Path) -> Callable[..., list[str]]:
    """The sentences with which the config is refused, without the folder in front."""

    def sentences(*swaps: tuple[str, str], **more: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            validate(write(*swaps, **more))
        return [line.removeprefix(f"{tmp_path}/") for line in str(caught.value).splitlines()]

    return sentences
