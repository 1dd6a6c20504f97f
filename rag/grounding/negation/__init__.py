"""What a statement turns round of its source (`check.check_negation`): negations, modality, opposites, quantifiers."""
