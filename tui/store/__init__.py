"""What is known and how old it is: snapshots, the store, and the poller that fills it."""
