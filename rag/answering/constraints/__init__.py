"""Whether a sentence is about what the question names: its things, time, deed, body, office holder and attribute.

Each module looks at one such constraint; `coverage`, of names and counted things, comes first. None ranks anything:
`rag.answering.selection` makes signals and evidence of what is found here.
"""
