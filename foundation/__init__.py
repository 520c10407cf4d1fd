"""What every floor stands on; knows nothing of courses or grades."""
