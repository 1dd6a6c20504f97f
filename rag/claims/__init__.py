"""Checking claims: what is found for and against one (`evidence`), what that comes to (`checking`, `verdicts`)."""
