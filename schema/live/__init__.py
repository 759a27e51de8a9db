"""Subscriptions: what a query answers, again whenever it may have changed."""
