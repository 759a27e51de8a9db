"""Several processes that take from one stock."""
