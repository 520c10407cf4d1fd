"""Decision dossiers (comes with its issue)."""
