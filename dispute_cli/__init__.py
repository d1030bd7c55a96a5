"""Marketplace order disputes, exactly: escrow, counters, offers, claims and payouts on a JSON store with simulated time."""

__version__ = "0.1.0"
