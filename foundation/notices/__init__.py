"""Notifications (comes with its issue)."""
