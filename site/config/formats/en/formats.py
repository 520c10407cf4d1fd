"""Days in English as the office writes them; Django's own American ones would stand beside them otherwise."""

DATE_FORMAT = "j M Y"  # 24 Nov 2026
DATETIME_FORMAT = "j M Y, H:i"
