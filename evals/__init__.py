"""From question sets to verdicts: ask a set through the real engine, count by fixed rules, report.

`evals.question_set` reads sets, `evals.run` asks them, `evals.metrics` scores the recorded cases (pure functions),
`evals.summary` makes means with intervals, `evals.report` prints them. Nothing here is imported by `rag` or `corpus`.
"""
