"""Which sentences answer best, which to quote together, and how probable it is that they answer at all.

`signals` comes first: a sentence and what speaks for it, as numbers. `ranking` weighs them, `answerability` decides
whether to abstain.
"""
