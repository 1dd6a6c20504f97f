"""Lists that a question asks for, found to be quoted item by item: marked ones, and those told in running prose.

`requested_items` reads the question, `marked_lists` finds lists by their lines and bullets, `prose_lists` the others.
"""
