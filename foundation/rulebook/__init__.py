"""Cited parameters and working days."""
