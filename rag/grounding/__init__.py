"""Whether a source bears a statement out: hard checks of what it says, then its meaning (`verdict.judge`).

Each check is a pure function of a statement and a `findings.Source`; what it returns speaks against the statement.
"""
