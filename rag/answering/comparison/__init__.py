"""What the sources say beside each other: the same in another language, different values, newer ones.

`source_notes` comes first: it asks `disagreement` and `corroboration`, and puts into words what they find.
"""
