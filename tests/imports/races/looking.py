"""What every naive control does between looking and writing."""

import time


def as_a_page_comes_back() -> None:
    """The time in which others look too: without it one process may be through before another looks."""
    time.sleep(0.05)
