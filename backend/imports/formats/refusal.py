"""The reader's side of "this file cannot be read": a code, never a sentence and never a cell."""


class Refusal(Exception):
    """The file is not read. The parent turns the code into a sentence."""

    def __init__(self, code: str, names: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.names = names
