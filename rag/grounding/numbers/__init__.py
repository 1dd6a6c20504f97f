"""Quantities of a statement against its source (`check.check_numbers`): value, unit, bound, and what is counted."""
