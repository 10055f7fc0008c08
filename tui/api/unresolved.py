"""Why a reference gives no secret. Never the value."""


class Unresolved(Exception):
    """The rest of a sentence that begins with the reference, and what to do."""

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(why)
        self.next_step = next_step
