"""From a question to an Answer: `chain.Answerer` is what the engine asks, and the place to begin.

`quotes` makes answers of quotes alone, of what the packages find; CONTRIBUTING.md has a table of them. `phrases` has
the product's own words.
"""
