"""What a quote needs beside it to be understood alone: neighbouring sentences, its speaker, whom it means, the reason.

`neighbours` comes first.
"""
