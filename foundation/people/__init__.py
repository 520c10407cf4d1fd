"""Accounts, units, cadres, roles, scope, sign-in."""
