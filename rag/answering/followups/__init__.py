"""Questions that lean on an earlier one: known as such, put in full, and answered from what was told before.

`dependence` comes first: whether a question needs an earlier one. `restatement` and `topic_phrases` put it in full by
rules, `model_rewriting` by the language model. `rag.conversation` decides among them.
"""
