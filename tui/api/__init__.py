"""The one service object. `service` and `errors` are plain; everything else here may speak HTTP.

httpx would load its own command line, and with it click and rich, which takes two thirds of its import
time. None keeps that module out; httpx works without it, as it does if click is not installed.
"""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None: cannot be imported
