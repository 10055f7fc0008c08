"""What we know and how old it is: snapshots, the store that holds them, the poller that asks."""
