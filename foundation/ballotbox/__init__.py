"""Blind tokens and sealed ballots (comes with its issue)."""
