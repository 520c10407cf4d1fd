"""What rooms exchange, and how it is found."""
