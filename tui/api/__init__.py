"""The one service object. `service` and `errors` are plain; everything else here may speak HTTP.

httpx would load its own command line, and with it click and rich: two thirds of its start. None keeps
that module out, and httpx goes on without it, as it does where click is not installed.
"""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None: cannot be imported
