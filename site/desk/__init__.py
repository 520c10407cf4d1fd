"""Portal shell and my desk."""
