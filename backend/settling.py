"""What a server does once everything is loaded, and before the first request."""

import gc

from django.urls import get_resolver


def settle() -> None:
    """Takes what is loaded out of the garbage collector's rounds.

    Half a million objects of modules, models and types stay for good. An answer of some thousand rows
    makes the collector look through all of them, several times: that took longer than the answer.
    """
    # Every address, hence every page and both schemas: the first request would load them.
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
