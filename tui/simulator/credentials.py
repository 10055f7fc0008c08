"""What lets a client in: fixed texts, because a simulator guards nothing. No secret is among them."""

TENANT_ID = "5f2c7a10-3d0e-4c55-9a41-8f6f3c0b1d27"
CLIENT_ID = "syncdeck-simulator"
CLIENT_SECRET = "sim-client-secret"  # noqa: S105 - not a secret
STATIC_BEARER = "sim-static-bearer"
API_KEY = "sim-wawi-api-key"

SO_TENANT = "Cust12345"
SO_TOKEN = "8A:Cust12345.sim-bearer"  # noqa: S105 - not a secret
SO_TICKET = "7T:sim-ticket"
SO_APP_TOKEN = "sim-app-token"  # noqa: S105 - not a secret
SO_SYSTEM_USER_TOKEN = "sim-app-system-user"  # noqa: S105 - not a secret
SO_USER = "SYNC"
SO_PASSWORD = "sim-password"  # noqa: S105 - not a secret
SO_COOKIE = "SoSession=sim-session"
SO_XSRF = "sim-xsrf"
