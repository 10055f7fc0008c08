"""The config file: `file` reads TOML and finds lines, `model` is the strict model (imported late)."""
