"""Whose word a statement is in its source (`check.check_attribution`): verbs and phrases of saying, and who speaks."""
