"""Unit assessment (comes with its issue)."""
