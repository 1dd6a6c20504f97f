"""Names of a statement against those of its source (`check.check_names`): who, where, which, and in whose place."""
