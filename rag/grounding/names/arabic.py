"""Finding the names of an Arabic text: by lists and by what stands before a name."""

from __future__ import annotations

from rag.analysis import folded_words, is_stop_word
from rag.grounding.names.arabic_shapes import like_a_participle, like_a_verb
from rag.grounding.names.gazetteer import NameKind, load_persons
from rag.grounding.names.mentions import PARTICLES, Mention, listed
from rag.grounding.names.source import Read, is_person_word, person_forms
from rag.grounding.names.tokens import Token, is_ordinary

_SPEECH = folded_words(
    """قال قالت أكد أكدت أعلن أعلنت أضاف أضافت صرح صرحت ذكر ذكرت أوضح أوضحت أشار أشارت يقول تقول يرى ترى وصف
    وصفت اعتبر اعتبرت السيد السيدة الشاب الشابة الشهيد الراحل الراحلة المدعو المواطن المواطنة الطفل الطفلة الآنسة اسمه
    اسمها بقيادة برئاسة لـ"""
)
"""A name often follows these."""
_PLACE_HEADS = folded_words(
    """مدينة بلدة قرية محافظة ولاية مخيم معبر مطار حي ريف جزيرة ميناء شارع ضاحية قضاء بلدية مقاطعة منطقة
    إقليم واحة وادي جبل نهر سهل خليج قلعة"""
)
_ORGANISATION_HEADS = folded_words(
    """شركة منظمة جامعة حزب حركة مؤسسة مصرف بنك صحيفة قناة وكالة جمعية مستشفى نادي مجموعة موقع جماعة كتلة
    تيار"""
)


def arabic_mentions(text: Read) -> list[Mention]:
    """The names of an Arabic text."""
    words = text.tokens
    found, taken = listed(text)
    cues = _cues(text, taken)
    titled = {
        hit.last
        for hit in text.titles
        if hit.entry.sure
        and words[hit.last - 1].arabic
        and words[hit.first].word.startswith("ال")
        and not words[hit.last - 1].word.endswith(("ون", "ين", "ات"))
    }
    titles = {at for hit in text.titles for at in range(hit.first, hit.last)}
    at = 0
    while at < len(words):
        last = at + 1
        if at not in taken and words[at].arabic and at not in titles:
            last = _person_end(words, at, taken | titles, cue=at in cues)
            if last == at and at in titled and words[at].gap == " " and _unknown(words[at]):
                last = _chain_end(words, at + 1, taken | titles)
            if last > at:
                chosen = tuple(one for one in words[at:last] if one.word not in PARTICLES)
                if chosen:
                    found.append(Mention(at, last, "person", chosen))
                    taken.update(range(at, last))
        at = max(at + 1, last)
    for at, token in enumerate(words[:-1]):
        place = _is_head(token.word, _PLACE_HEADS)
        if (place or _is_head(token.word, _ORGANISATION_HEADS)) and at + 1 not in taken and words[at + 1].gap == " ":
            word = words[at + 1].word
            if (
                _foreign(words[at + 1])
                or (word.startswith("ال") and not is_ordinary(word) and not _inflected(word))
                or _agrees(words, at + 1, taken)
            ):
                kind: NameKind = "place" if place else "organisation"
                found.append(Mention(at + 1, at + 2, kind, (words[at + 1],)))
                taken.add(at + 1)
    # Latin names inside Arabic text
    found += [
        Mention(at, at + 1, "other", (token,))
        for at, token in enumerate(words)
        if at not in taken
        and not token.arabic
        and token.capital
        and len(token.word) > 2
        and not is_ordinary(token.word)
    ]
    return sorted(found, key=lambda one: one.first)


def _unknown(token: Token) -> bool:
    """Whether the word after a title with its article is a name (الأسقف بولا): an adjective would have an article too.

    Words like جميعا, which tell of all of them, are none.
    """
    return unlisted(token) and not (token.word.endswith("ا") and is_ordinary(token.word[:-1]))


def _agrees(words: tuple[Token, ...], at: int, taken: set[int]) -> bool:
    """Whether the word at `at` is a name because the adjective of a nation after it is definite: شركة باير الألمانية.

    A common noun without its article would have one without it too: شركة نفط ألمانية.
    """
    word = words[at].word
    if at + 1 >= len(words) or at + 1 not in taken or words[at + 1].gap != " ":
        return False
    bare = words[at].arabic and len(word) >= 3 and not word.startswith(("ال", "لل"))
    return bare and words[at + 1].word.startswith("ال") and not is_ordinary(word) and not _inflected(word)


def _is_head(word: str, heads: frozenset[str]) -> bool:
    return word in heads or (len(word) > 3 and word[0] in "وفبل" and word[1:] in heads)


def not_a_name(token: Token) -> bool:
    """Whether an Arabic word has the outward form of a verb or a participle."""
    word = token.word.removeprefix("ال")
    return token.arabic and not is_listed(token.word) and (like_a_verb(token) or like_a_participle(word))


def is_place_head(word: str) -> bool:
    """Whether an Arabic word says what kind of place the name after it is."""
    return _is_head(word, _PLACE_HEADS)


def is_head(word: str) -> bool:
    """Whether an Arabic word says what kind of place or organisation the name after it is."""
    return word in _PLACE_HEADS or word in _ORGANISATION_HEADS


def _cues(text: Read, taken: set[int]) -> set[int]:
    """Where a name is likely to begin: after a title and what tells more of it, or after a verb of saying."""
    words = text.tokens
    between = taken | {at for hit in text.portfolios for at in range(hit.first, hit.last)}
    found = set()
    for hit in text.titles:
        if not words[hit.first].arabic:
            continue
        at = hit.last
        for _ in range(5):
            if at >= len(words) or words[at].gap not in (" ", " \u200f"):
                break
            found.add(at)
            word = words[at].word
            if at not in between and not (word.startswith(("ال", "لل")) and not is_person_word(word)):
                break
            at += 1
    for at, token in enumerate(words[1:], 1):
        if token.gap == " " and words[at - 1].word.lstrip("و") in _SPEECH:
            found.add(at)
    return found


def _person_end(words: tuple[Token, ...], at: int, barred: set[int], *, cue: bool) -> int:
    """Where the name of a person that begins at `at` ends; `at` itself if none begins there."""
    persons = load_persons()
    token = words[at]
    forms = person_forms(token.word)
    bare = token.word[1:] if token.word[0] == "و" else token.word
    if not forms:
        return at
    if is_stop_word(token.word) or is_stop_word(bare):
        if not (token.raw.rstrip().endswith("علي") and (cue or _next_is_person(words, at, barred))):
            return at
    elif bare in PARTICLES and bare in ("عبد", "ابو", "ال", "ابن") and _follows(words, at, barred):
        if bare != "عبد" and not cue and not is_person_word(words[at + 1].word):
            return at
        return _chain_end(words, at + 2, barred)
    given = any(form in persons.given and not is_ordinary(form) for form in forms)
    family = any(form in persons.family and not is_ordinary(form) and "ال" + form not in token.word for form in forms)
    if not given and not family:
        if is_person_word(token.word):
            certain = any(
                form in persons.maybe_given or form in persons.given for form in forms
            ) and not token.word.startswith("ال")
            if not (cue and (certain or not is_ordinary(token.word))) and not (
                certain and (_next_is_person(words, at, barred) or _family_follows(words, at, barred))
            ):
                return at
        elif not (cue and _foreign(token) and _follows(words, at, barred) and _goes_on(words[at + 1])):
            return at
    return _chain_end(words, at + 1, barred)


def _follows(words: tuple[Token, ...], at: int, barred: set[int]) -> bool:
    return at + 1 < len(words) and at + 1 not in barred and words[at + 1].gap in (" ", "-")


def _goes_on(token: Token) -> bool:
    return is_listed(token.word) or _foreign(token) or _family(token)


def _next_is_person(words: tuple[Token, ...], at: int, barred: set[int]) -> bool:
    if not _follows(words, at, barred):
        return False
    word = words[at + 1].word
    if (word[0] in "وفبلك" and not is_listed(word)) or words[at + 1].raw == "على":
        return False
    return is_person_word(word) or word in ("بن", "ابو", "عبد")


def _family_follows(words: tuple[Token, ...], at: int, barred: set[int]) -> bool:
    """Whether a family name in no list comes next, one that has no shape of a common noun: عادل الجبير."""
    if not _follows(words, at, barred) or not _family(words[at + 1]):
        return False
    word = words[at + 1].word
    return not (
        word.endswith(("ه", "ت", "ين", "ون")) or word[2:].startswith(("است", "انت", "اع", "اح", "اف", "اق", "ات"))
    )


def is_listed(word: str) -> bool:
    """Whether a word is a listed name of persons as it stands, its article aside."""
    persons = load_persons()
    bare = word[2:] if word.startswith("ال") and len(word) >= 5 else word
    return any(bare in one for one in (persons.given, persons.maybe_given, persons.family, persons.maybe_family))


def _chain_end(words: tuple[Token, ...], at: int, barred: set[int]) -> int:
    """Where the further names of a person end."""
    start = at
    while at < len(words) and at not in barred and words[at].gap in (" ", "-") and at - start < 5:
        token = words[at]
        if (
            token.word[0] == "و"
            and not is_listed(token.word)
            and (is_person_word(token.word[1:]) or like_a_verb(token))
        ):  # and another, or what one did next
            break
        if token.word in PARTICLES and token.word not in ("لا", "لو") and _follows(words, at, barred):
            at += 2
        elif (is_listed(token.word) and not is_stop_word(token.word)) or _foreign(token) or _family(token):
            at += 1
        else:
            break
    return at


def _inflected(word: str) -> bool:
    """Whether an Arabic word has the ending of a plural of participles: الوافدين."""
    return len(word) > 6 and word.endswith(("ون", "ين", "ات"))


def _family(token: Token) -> bool:
    """Whether an Arabic word with its article, after a given name, is probably a family name: in no vocabulary."""
    word = token.word
    if not word.startswith("ال") or len(word) < 6 or like_a_participle(word[2:]) or _inflected(word):
        return False
    if word[2] == "م" and (word[-1] == "ه" or (word[-2] == "و" and len(word) > 6)):  # the arrested
        return False
    return not is_ordinary(word) and not is_ordinary(word[2:])


_TANWIN = "\u064b"
"""The sign of an indefinite accusative: an adverb or adjective, hardly ever a name."""
_NO_NAMES = frozenset("عدم غير كون كونه حين نحو مثل دون جميع جميعا كلا كلتا معا ايضا اثناء خلال".split())


def unlisted(token: Token) -> bool:
    """Whether an Arabic word is probably a name that no list has."""
    return _foreign(token) and not is_stop_word(token.word)


def _foreign(token: Token) -> bool:
    """Whether an Arabic word is in no list and does not look like a verb or a common noun: probably a name."""
    word = token.word
    if len(word) < 4 or is_ordinary(word) or like_a_verb(token) or not token.arabic or like_a_participle(word):
        return False
    if word in _NO_NAMES or _TANWIN in token.raw:
        return False
    if word[0] in "وفبلك" and (is_ordinary(word[1:]) or word[1:] in _NO_NAMES):
        return False
    if token.raw[-1] == "ه" or (word[0] == "م" and token.raw[-1] == "ة"):
        return False
    return not word.endswith(("ات", "ون", "ين", "يه", "ها", "هم", "نا", "وا", "ته", "تها")) and not word.startswith(
        "ال"
    )
