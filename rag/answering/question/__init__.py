"""What a question asks for, by its words alone: the type of the answer, its parts, and what its pronouns stand for.

`answer_type` comes first: number, date or person, and the values of that type in a sentence.
"""
