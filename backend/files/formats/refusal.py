"""A file that is not taken."""


class Refusal(Exception):
    """Why not, as a code; the sentence is the parent's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
