"""What the language model writes, the answer and translations of quotes: its prompt, and the checks of what comes back.

`generative` comes first; the sentences that it gives are linked to sources and judged by `statement_checks`.
"""
