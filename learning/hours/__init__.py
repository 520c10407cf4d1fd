"""The append-only ledger of class hours."""
