"""A report of a window, and a hand-over: facts, the document made of them, and its formats. Pure."""
