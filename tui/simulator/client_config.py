"""What lets a console find the simulator: the announced lines and a ready configuration file."""

import errno
import json
from pathlib import Path

from tui.output_files import require_own, write_private
from tui.simulator import credentials
from tui.simulator.superoffice.system_user_key import PRIVATE_KEY

_CLOUD = """
[profiles.{name}.jtl]
deployment = "cloud"
base_url = "{url}/erp"
tenant_id = "{tenant}"
[profiles.{name}.jtl.auth]
type = "client-credentials"
token_url = "{url}/oauth2/token"
client_id = "{client}"
client_secret = {{ file = {jtl_secret} }}

[profiles.{name}.superoffice]
base_url = "{url}/{so_tenant}"
[profiles.{name}.superoffice.auth]
type = "bearer"
token = {{ file = {so_token} }}
"""
_ON_PREMISES = """
[profiles.{name}.jtl]
deployment = "on-premises"
base_url = "{url}/api/eazybusiness"
[profiles.{name}.jtl.auth]
type = "wawi"
api_key = {{ file = {api_key} }}

[profiles.{name}.superoffice]
base_url = "{url}/{so_tenant}/api"
app_token = {{ file = {so_app_token} }}
[profiles.{name}.superoffice.auth]
type = "so-ticket"
ticket = {{ file = {so_ticket} }}
"""
_ONLINE = """
[profiles.{name}.superoffice]
environment = "sod"
customer_id = "{so_tenant}"
state_url = "{url}/api/state"
[profiles.{name}.superoffice.auth]
type = "bearer"
token = {{ file = {so_token} }}
"""
_SYSTEM_USER = """
[profiles.{name}.superoffice]
environment = "sod"
customer_id = "{so_tenant}"
state_url = "{url}/api/state"
app_token = {{ file = {so_app_token} }}
[profiles.{name}.superoffice.auth]
type = "system-user"
login_url = "{url}/Login/api/PartnerSystemUser/Authenticate"
system_user_token = {{ file = {so_system_user_token} }}
private_key = {{ file = {so_test_key} }}
"""
_PROFILES = (
    ("sim", 'environment = "development"\n', _CLOUD),
    ("sim-onprem", 'environment = "development"\n', _ON_PREMISES),
    ("sim-online", 'environment = "development"\n', _ONLINE),
    ("sim-system-user", 'environment = "development"\n', _SYSTEM_USER),
    ("sim-production", 'environment = "production"\nread_only = false\n', _CLOUD),
)
_SECRETS = {
    "jtl_secret": credentials.CLIENT_SECRET,
    "api_key": credentials.API_KEY,
    "so_token": credentials.SO_TOKEN,
    "so_ticket": credentials.SO_TICKET,
    "so_app_token": credentials.SO_APP_TOKEN,
    "so_system_user_token": credentials.SO_SYSTEM_USER_TOKEN,
    "so_test_key": PRIVATE_KEY.rstrip("\n"),
}


def announcement(url: str) -> tuple[str, str, str]:
    """The lines that `simulate` prints, one per system."""
    return (
        f"JTL cloud base_url={url}/erp token_url={url}/oauth2/token client_id={credentials.CLIENT_ID}"
        f" client_secret={credentials.CLIENT_SECRET} tenant_id={credentials.TENANT_ID}",
        f"JTL on-premises base_url={url}/api/eazybusiness api_key={credentials.API_KEY}",
        f"SuperOffice base_url={url}/{credentials.SO_TENANT} token={credentials.SO_TOKEN}",
    )


def write_config(path: Path, url: str) -> None:
    """Write a configuration for the simulator at `url`; its secrets lie in `PATH.d/*`, all 0600.

    Raises OSError: it cannot be written.
    """
    path = path.absolute()
    folder = path.with_name(f"{path.name}.d")
    require_own(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink():
        raise OSError(errno.EINVAL, f"{folder} is a symbolic link: name another file", str(folder))
    folder.mkdir(mode=0o700, exist_ok=True)
    files = {name: folder / name.replace("_", "-") for name in _SECRETS}
    for name, secret in _SECRETS.items():
        write_private(files[name], f"{secret}\n")
    quoted = {name: json.dumps(str(file), ensure_ascii=False) for name, file in files.items()}
    write_private(path, _text(url, quoted))


def _text(url: str, files: dict[str, str]) -> str:
    parts = ['default_profile = "sim"\n']
    for name, head, systems in _PROFILES:
        body = systems.format(
            name=name,
            url=url,
            tenant=credentials.TENANT_ID,
            client=credentials.CLIENT_ID,
            so_tenant=credentials.SO_TENANT,
            **files,
        )
        parts.append(f"\n[profiles.{name}]\n{head}{body}")
    return "".join(parts)
