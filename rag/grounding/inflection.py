"""The forms that a listed word takes: verbs inflected in both languages, and what is written on to Arabic words."""

from __future__ import annotations

from rag.analysis import fold


def english_forms(listed: str) -> frozenset[str]:
    """The forms of regular English verbs; those given with their past after a slash have it as given."""
    forms: set[str] = set()
    for entry in listed.split():
        verb, *pasts = entry.split("/")
        base = verb.removesuffix("e")
        third = verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "s"
        if verb.endswith(("s", "sh", "ch")):
            third = verb + "es"
        past = verb[:-1] + "ied" if third.endswith("ies") and verb.endswith("y") else base + "ed"
        forms |= {verb, third, base + "ing", *(pasts or [past])}
    return frozenset(forms)


def arabic_forms(listed: str) -> frozenset[str]:
    """The third-person forms, و and ف before them too, of verbs given as past/imperfect."""
    forms: set[str] = set()
    for entry in listed.split():
        past, _, imperfect = fold(entry).partition("/")
        weak = past[:-1] if past[-1] in "يا" and len(past) >= 3 else ""
        forms |= {past, past + "ت", past + "وا", past + "ا", past + "تا", past + "ه", past + "ته"}
        if weak:
            forms |= {weak + "ت", weak + "وا", weak + "تا", weak + "اه"}
        if imperfect:
            rest = imperfect[1:]
            short = rest[:-1] if rest[-1] in "يا" else rest
            jussive = short if len(short) >= 2 else rest  # لم ينف, لم يعز
            forms |= {
                p + r for p in "يت" for r in (rest, jussive, short + "ون", short + "ان", short + "وا", short + "ن")
            }
    return frozenset(clitic + form for form in forms for clitic in ("", "و", "ف"))


def with_conjunctions(words: frozenset[str]) -> frozenset[str]:
    """Folded Arabic words, and the same with و and ف before them."""
    return frozenset(clitic + word for word in words for clitic in ("", "و", "ف"))


def bare(word: str) -> str:
    """A folded Arabic word without و and ال."""
    return (word[1:] if word[0] == "و" and len(word) > 4 else word).removeprefix("ال")
