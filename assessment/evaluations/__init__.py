"""Democratic evaluation (comes with its issue)."""
