"""Notifications: what somebody is told, on the portal and by e-mail."""
