"""The offer to rooms that stand below (foundation/offers/tell.py)."""

from foundation.notices.actions import notify

__all__ = ["notify"]
