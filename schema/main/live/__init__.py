"""Subscriptions: what a query answers, and again whenever it may have changed."""
