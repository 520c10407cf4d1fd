"""Discipline to appraisals."""
