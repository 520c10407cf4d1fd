"""The annual appraisal."""
