"""The command line: its grammar, and which front end runs."""
