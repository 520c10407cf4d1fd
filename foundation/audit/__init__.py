"""The one audit trail. `from foundation.audit.record import record, record_read`."""
