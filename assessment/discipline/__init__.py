"""Disciplinary records (comes with its issue)."""
