"""Why JTL-Wawi may ignore accepted options: their key differs by version, and .NET ignores unknown keys
(jtl PROTOCOL §1: `Configs`, `configs`, `configurations`)."""

import json
from collections.abc import Collection, Mapping

from tui.api.service import RequestPreview
from tui.domain.writes import ConfigureWorker, Write

_SETTING = "api_version_header in the profile"


def dialect_hint(
    write: Write, missing: Collection[str], preview: RequestPreview, response: Mapping[str, object]
) -> str:
    """The setting to change if every option was ignored; empty if some were applied, or none was sent.

    `missing`: the keys whose values are not as requested; `response`: the row as received.
    """
    options = dict(write.options) if isinstance(write, ConfigureWorker) else {}
    if not options or not options.keys() <= set(missing):
        return ""
    try:
        sent = json.loads(preview.body)
    except ValueError:
        return ""
    if "configurations" in sent:
        return f'If this server has version 2.0, it calls options "configs": set {_SETTING} to "2.0"'
    if "configs" in sent:
        return (
            'If this server has version 2.1 or later, it calls options "configurations":'
            f' set {_SETTING} to "2.1"'
        )
    path = preview.url.partition("?")[0]
    if "/v1/" not in path:
        return f"Set {_SETTING} to the server's version: the name of the options depends on it"
    does = "responds" if "configurations" in response else "may read options"
    return (
        f'The server {does} like version 2: set api_version to "v2", and {_SETTING} to "2.0"'
        " if it is 2.0"
    )
