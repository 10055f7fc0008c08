"""The transport: tries, responses, errors, secrets, clocks, limits."""
