"""What a compiled read does when it meets something it does not know."""


class Uncompilable(Exception):
    """Ordinary execution answers instead, whatever it answers: an error, too, is then its own."""
