"""Whether a source bears a statement out: hard checks of what it says, then its meaning (`verdict.judge`).

Each check is a pure function of a statement and a `findings.Source`; what it returns speaks against the statement.
Those of one kind have a package, whose `check.py` has the check; what several kinds read stands beside them, and so do
the judges of meaning.
"""
