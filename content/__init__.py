"""Wagtail pages: materials, news, columns."""
