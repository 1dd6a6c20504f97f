"""Whether two spellings may be the same name: in one script, or across Arabic and Latin letters."""

from __future__ import annotations

import re
from functools import lru_cache

_ARABIC = re.compile("[\u0621-\u064a]")
_LONGEST = 24

_LATIN_FOR = {
    "ب": ("b", "p", "v"), "ت": ("t",), "ث": ("th", "t", "s"), "ج": ("j", "g", "zh", "dj", "ch", "dg"),
    "ح": ("h",), "خ": ("kh", "ch", "k", "x", "j"), "د": ("d",), "ذ": ("dh", "th", "d", "z"), "ر": ("r",),
    "ز": ("z", "s"), "س": ("s", "c", "z"), "ش": ("sh", "sch", "ch", "s", "x", "sz"), "ص": ("s", "c"),
    "ض": ("d", "dh", "z"), "ط": ("t",), "ظ": ("z", "dh", "th", "d"), "ع": ("a", "e", "i", "o", "u"),
    "غ": ("gh", "g"), "ف": ("f", "v", "ph", "w"), "ق": ("q", "k", "g", "c", "gh"),
    "ك": ("k", "c", "q", "ck", "ch", "g"),
    "ل": ("l",), "م": ("m",), "ن": ("n",), "ه": ("h",), "و": ("w", "v", "ou", "oo", "u", "o"),
    "ي": ("y", "i", "e", "ee", "j"), "ا": ("a", "e", "o", "u"), "ء": (), "ى": ("a", "i", "y"),
}  # fmt: skip
_PAIRS_FOR = {
    "تش": ("ch", "tz", "cz", "c", "ts"),
    "كس": ("x",),
    "تس": ("z", "ts", "tz"),
    "دج": ("j",),
    "وو": ("ou", "u", "oo", "w"),
    "اي": ("i", "y", "ai", "ay", "ei", "ey", "ie", "a"),
    "او": ("ow", "ou", "au", "aw", "o"),
    "نغ": ("ng",),
}
"""Two Arabic letters for one sound."""
_FREE = {"ا": 0.5, "ع": 0.0, "ء": 0.0, "ى": 0.0, "ه": 1.0, "و": 0.5, "ي": 0.5}
"""What it costs to leave an Arabic letter without a Latin one."""
_VOWELS = "aeiouy'"
_CONSONANTS = re.compile("[بتثجحخدذرزسشصضطظغفقكلمنه]")


def _slack(consonants: int) -> float:
    return 0.6 if consonants >= 5 else 0.3


@lru_cache(1 << 16)
def same_across(arabic: str, latin: str, *, loose: bool = False) -> bool:
    """Whether a folded word in Arabic letters and one in Latin letters may be the same name, written by sound.

    Every consonant must have a letter that writes it; short vowels go unwritten. A name of fewer than three consonants
    leaves no room: its long vowels must agree as well. `loose`: one consonant of a longer name may be amiss (a silent
    one, or another language's), as when the rest of the person's name agrees.
    """
    if len(arabic) > _LONGEST or len(latin) > _LONGEST or len(arabic) < 2 or len(latin) < 2:
        return False
    slack = _slack(len(_CONSONANTS.findall(arabic)))
    if loose and len(_CONSONANTS.findall(arabic)) >= 3:
        slack = 1.0
    return _cost(arabic, latin) <= slack


def _cost(arabic: str, latin: str) -> float:
    """The least cost of writing `arabic` as `latin`: a table over both, left to right."""
    rows, columns = len(arabic), len(latin)
    infinite = 9.0
    table = [[infinite] * (columns + 1) for _ in range(rows + 1)]
    table[0][0] = 0.0
    short = len(_CONSONANTS.findall(arabic)) < 3
    for i in range(rows + 1):
        row = table[i]
        for j in range(columns + 1):
            cost = row[j]
            if cost > 1.0:
                continue
            if j < columns:
                letter = latin[j]
                if letter in _VOWELS:
                    skipped = _unwritten(latin, j, short)
                elif j and letter == latin[j - 1]:
                    skipped = 0.0
                elif letter in "hw" or (letter == "s" and j == columns - 1):
                    skipped = 0.3
                else:
                    skipped = 1.0
                row[j + 1] = min(row[j + 1], cost + skipped)
            if i == rows:
                continue
            letter = arabic[i]
            before = latin[j - 1] if j else ""
            silent = letter == "ه" and i == rows - 1
            if letter == "ا":
                silent = i == 0 or before == "a" or (i < rows - 1 and before != "" and before in _VOWELS)
            table[i + 1][j] = min(table[i + 1][j], cost + (0.0 if silent else _FREE.get(letter, 1.0)))
            renderings = _LATIN_FOR.get(letter, ())
            if letter == "ه" and i == rows - 1:
                renderings = ("h", "a", "e", "t", "ah", "eh")
            elif letter == "ا" and i == 0:
                renderings = tuple(_VOWELS)
            elif letter == "ا" and i == rows - 1:
                renderings = ("a", "e", "ah")
            if letter == "ي" and 0 < i < rows - 1 and not short and latin.startswith("a", j):
                table[i + 1][j + 1] = min(table[i + 1][j + 1], cost + 0.25)  # Davis, James
            for rendering in renderings:
                if latin.startswith(rendering, j):
                    end = j + len(rendering)
                    table[i + 1][end] = min(table[i + 1][end], cost)
            if i + 1 < rows:
                for rendering in _PAIRS_FOR.get(arabic[i : i + 2], ()):
                    if latin.startswith(rendering, j):
                        end = j + len(rendering)
                        table[i + 2][end] = min(table[i + 2][end], cost)
    return table[rows][columns]


def _unwritten(latin: str, at: int, short: bool) -> float:
    """What a Latin vowel that Arabic does not write costs: long ones, and the last of a name, are mostly written."""
    if at == len(latin) - 1:
        return 0.0 if latin[at] == "e" and at > 1 else 0.35
    if latin[at] in "iue" and at and latin[at - 1] in "eo" and latin[at - 1 : at + 1] in ("ei", "ee", "ou", "oo"):
        return 0.35
    return 0.0


_WEAK_ARABIC = str.maketrans("", "", "اويءه")
_WEAK_LATIN = str.maketrans("", "", "aeiouyh'")
_LATIN_SHAPES = str.maketrans("qcgvpz", "kkkfbs")


@lru_cache(1 << 15)
def skeleton(word: str) -> str:
    """What is left of a folded word without long and short vowels, doubling, and letters that spellings differ in."""
    if _ARABIC.search(word):
        bare = word[0] + word[1:].translate(_WEAK_ARABIC)
        bare = bare.translate(str.maketrans("شغج", "سكك"))
    else:
        word = word.replace("ph", "f").replace("ck", "k").replace("ou", "u").replace("gh", "g").replace("kh", "k")
        bare = word[0] + word[1:].translate(_WEAK_LATIN)
        bare = bare.translate(_LATIN_SHAPES)
    return re.sub(r"(.)\1+", r"\1", bare)


@lru_cache
def first_letters(latin: str) -> frozenset[str]:
    """The Arabic letters that a name may begin with when it begins with the Latin letter `latin`."""
    if latin in _VOWELS:
        return frozenset("اعيوءه")
    found = {arabic for arabic, ways in _LATIN_FOR.items() if any(way[0] == latin for way in ways)}
    found |= {pair[0] for pair, ways in _PAIRS_FOR.items() if any(way[0] == latin for way in ways)}
    return frozenset(found | set("خر") if latin in "hw" else found)


def close_spelling(one: str, other: str) -> bool:
    """Whether two folded words of one script are spellings of one name: alike but for vowels."""
    frame = skeleton(one)
    if len(frame) < 3 or frame != skeleton(other):
        return False
    if _ARABIC.search(one):
        return True
    ours, theirs = (re.sub(r"(.)\1+", r"\1", word.translate(_ONE_VOWEL)) for word in (one, other))
    if len(ours) != len(theirs):
        return len(frame) >= 4 and abs(len(ours) - len(theirs)) == 1
    return sum(a != b for a, b in zip(ours, theirs, strict=True)) <= 1


_ONE_VOWEL = str.maketrans("eoyq", "iuik")
