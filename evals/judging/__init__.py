"""A language model as a judge of runs, and how far judges agree with people.

A judge reads a finished run's folder and asks the product nothing. What it says is kept beside the run
(`judgments.jsonl`, `judge.json`), apart from the metrics of `evals.metrics`: those need no model and never change.
"""
