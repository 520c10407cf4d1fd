"""Integrity files (comes with its issue)."""
