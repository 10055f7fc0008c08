"""The shop behind the JTL side: its kinds of sync, channels, options and what can go wrong.

Names as a German dealer with a shop and some marketplaces would have them.
"""

from tui.frozen import frozen
from tui.simulator.jtl.world import DEACTIVATED, FAILED, FINISHED, LOCKED, RUNNING, Kind, Option


@frozen
class SyncPlan:
    """A sync before it is born."""

    kind: str
    channel: str
    interval: int
    """Seconds."""
    state: int = FINISHED
    age: int = 60
    """Seconds since its status changed."""
    text: str = ""
    reports_progress: bool = False
    ran: bool = True


CREATE = Option(
    "Create orders immediately", "Turns an imported order into a sales order at once.", "bool", "true"
)
LOOK_BACK = Option("Days to look back", "How many days of orders each run asks for.", "int", "14")
PREFIX = Option(
    "Order number prefix", "Stands in front of the channel's own order number.", "string", "WEB-"
)
NO_PREFIX = Option("Order number prefix", PREFIX.description, "string", None)
WINDOW = Option("Time window", "Runs only within this window.", "Wawi.Zeitfenster", "00:00-24:00")
PICTURES = Option("Upload pictures", "Sends changed article pictures with every run.", "bool", "false")
ACCOUNT = Option("Account", "The account that the sync signs in with.", "string", "main", required=True)
STOCK = Option("Stock reserve", "Pieces that are held back from the channel.", "int", "2")

KINDS = (
    Kind("Shop", "articles", 60, [CREATE, PICTURES, LOOK_BACK, PREFIX, WINDOW]),
    Kind("Amazon", "orders", 300, [ACCOUNT, CREATE, LOOK_BACK, STOCK]),
    Kind("Ebay", "offers", 300, [ACCOUNT, CREATE, LOOK_BACK, PREFIX]),
    Kind("Temu", "orders", 300, [ACCOUNT, CREATE, STOCK]),
    Kind("Kaufland", "orders", 300, [ACCOUNT, CREATE, LOOK_BACK]),
    Kind("Otto", "orders", 300, [ACCOUNT, CREATE, NO_PREFIX]),
    Kind("PayPal", "payments", 60, [ACCOUNT, LOOK_BACK]),
    Kind("GoogleShopping", "articles", 60, [STOCK, PICTURES]),
    Kind("Fulfillment", "shipments", 60, [ACCOUNT, WINDOW]),
    Kind("Datenbankpflege", "tables", 3600, [], controllable=False),
)

SYNCS = (
    SyncPlan("Shop", "Hauptshop", 300, age=70),
    SyncPlan("Shop", "B2B-Shop", 600, age=200, text="312 articles"),
    SyncPlan("Amazon", "Amazon DE", 300, age=130),
    SyncPlan("Amazon", "Amazon FR", 300, RUNNING, age=21, reports_progress=True),
    SyncPlan("Ebay", "Outlet", 300, LOCKED, age=7_500, text="account locked"),
    SyncPlan("Temu", "Temu DE", 300, FAILED, age=245, text="401 from marketplace"),
    SyncPlan("Kaufland", "Kaufland.de", 600, age=380, text="18 orders"),
    SyncPlan("Otto", "Otto Market", 900, age=500),
    SyncPlan("PayPal", "PayPal Hauptkonto", 900, age=2_820, text="64 payments"),
    SyncPlan("GoogleShopping", "Google Shopping DE", 3_600, DEACTIVATED, ran=False),
    SyncPlan("Fulfillment", "Lager Leipzig", 1_800, age=950, text="7 shipments"),
    SyncPlan("Datenbankpflege", "eazybusiness", 86_400, age=40_000),
)
"""The first twelve: one error, one locked, one off that never ran, one running, one overdue."""

PLACES = ("Berlin", "Hamburg", "Köln", "Leipzig", "München", "Graz", "Zürich", "Wien", "Bremen", "Essen")

FAILURES = (
    "timeout after 100 s",
    "503 from marketplace",
    "3 orders could not be imported: unknown tax class",
    "deadlock victim, transaction rolled back",
    "SSL connection could not be established",
    "throttled by the marketplace, next try with the next run",
)

EXTENSION_NAMES = (
    "versandregeln", "retouren-portal", "preis-automatik", "belegarchiv", "lagerampel",
    "etikettendruck", "mahnlauf", "bundle-planer", "gewichtspruefung", "artikelchecker",
)  # fmt: skip
