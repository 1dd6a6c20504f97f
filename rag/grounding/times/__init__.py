"""Dates, times and durations of a statement against those of its source (`check.check_times`)."""
