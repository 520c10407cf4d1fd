"""Hours, questions, exams, courses."""
