"""Several processes that tap the same buttons of one round."""
