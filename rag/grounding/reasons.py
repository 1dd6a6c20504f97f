"""Findings in words that a reader understands, in Arabic and English."""

from __future__ import annotations

from collections.abc import Sequence

from rag.bidi import isolated_within
from rag.grounding.findings import Finding

MOST_CHARS = 90
"""Code points of a statement's or source's words in a reason."""

INSTEAD = ("It says {said}; the source has {instead}.", "هنا {said}، وفي المصدر {instead}.")
"""English, then Arabic, where a sentence (جملة) and a claim (ادعاء) differ in gender."""

# With the source's words instead, and without them: English, then Arabic.
_REASONS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "number": (
        INSTEAD,
        ("Not in the source: {said}.", "ليس في المصدر: {said}."),
    ),
    "word": (
        INSTEAD,
        ("The source does not have: {said}.", "ليس في المصدر: {said}."),
    ),
    "date": (
        INSTEAD,
        ("The source does not have this time: {said}.", "ليس في المصدر هذا التاريخ: {said}."),
    ),
    # No source's name instead: which of its names was meant is a guess.
    "name": (
        ("The source does not name: {said}.", "لا يذكر المصدر: {said}."),
        ("The source does not name: {said}.", "لا يذكر المصدر: {said}."),
    ),
    "quote": (
        (
            "These are not the source's words: “{said}”. It has: “{instead}”.",
            "ليس هذا لفظ المصدر: «{said}»، بل: «{instead}».",
        ),
        (
            "In quotation marks, but not the source's words: “{said}”.",
            "بين علامتي اقتباس، وليس من لفظ المصدر: «{said}».",
        ),
    ),
    "negation": (
        (
            "The source says otherwise, or with another certainty: “{instead}”.",
            "يقول المصدر خلافه، أو بدرجة أخرى من الجزم: «{instead}».",
        ),
        ("The source says otherwise, or with another certainty.", "يقول المصدر خلافه، أو بدرجة أخرى من الجزم."),
    ),
    "attribution": (
        (
            "The source does not say this itself; it reports it: “{instead}”.",
            "لا يقول المصدر هذا بلسانه، بل ينقله: «{instead}».",
        ),
        ("The source reports this as somebody's words or view.", "ينقله المصدر على أنه قول لأحد أو رأي له."),
    ),
    "speaker": (
        (
            "Here this is attributed to {said}; in the source, to {instead}.",
            "يُنسب هذا هنا إلى {said}، وفي المصدر إلى {instead}.",
        ),
        ("The source does not attribute this to {said}.", "لا ينسب المصدر هذا إلى {said}."),
    ),
    "denial": (
        ("The source reports that this is denied: “{instead}”.", "ينقل المصدر نفيا لهذا: «{instead}»."),
        ("The source reports that this is denied.", "ينقل المصدر نفيا لهذا."),
    ),
    "meaning": (
        ("The source says something near this, but not clearly this.", "يقول المصدر قريبا من هذا، لا هذا بوضوح."),
        ("The source does not clearly say this.", "لا يقول المصدر هذا بوضوح."),
    ),
    "contradiction": (
        ("The source contradicts this.", "يناقض المصدر هذا."),
        ("The source contradicts this.", "يناقض المصدر هذا."),
    ),
    # Of claims, and the sentences that are shown beside them.
    "attributed": (
        ("Attributed only: “{instead}”.", "منسوب إلى قائله فقط: «{instead}»."),
        ("Attributed only: the source gives it as somebody's word.", "منسوب إلى قائله فقط، ولا يقوله المصدر بلسانه."),
    ),
    "attributed_to": (
        ("Attributed only: “{instead}” (before that: {said}).", "منسوب إلى قائله فقط: «{instead}» (وقبله: {said})."),
        ("Attributed only: {said}.", "منسوب إلى قائله فقط: {said}."),
    ),
    "opposite": (
        ("The source says the opposite: “{instead}”.", "يقول المصدر عكس هذا: «{instead}»."),
        ("The source has the opposite of this: “{said}”.", "في المصدر عكس هذا: «{said}»."),
    ),
    "body": (INSTEAD, INSTEAD),
    "vote": (
        ("On this vote the source says otherwise: “{instead}”.", "في المصدر عن هذا التصويت غير ذلك: «{instead}»."),
        ("The source tells this vote otherwise.", "في المصدر عن هذا التصويت غير ذلك."),
    ),
    "universal": (
        (
            "The source does not say this without exception: “{said}”; it has: “{instead}”.",
            "لا يقول المصدر هذا بلا استثناء: «{said}»، بل: «{instead}».",
        ),
        ("The source does not go as far as this: “{said}”.", "لا يذهب المصدر إلى هذا الحد: «{said}»."),
    ),
    "about": (
        ("This sentence is about {instead}, not about {said}.", "هذه الجملة عن {instead}، لا عن {said}."),
        ("This sentence is not about {said}.", "ليست هذه الجملة عن {said}."),
    ),
    "agent": (
        ("Here it is done by {said}; in the source, by {instead}.", "الفاعل هنا {said}، وفي المصدر {instead}."),
        ("A sentence beside it says this, but not of {said}.", "تقول هذا جملة مجاورة، لكن لا عن {said}."),
    ),
    "unsure": (
        (
            "This sentence does not name who did this; by what stands before, it may be {instead}.",
            "لا تسمّي هذه الجملة الفاعل، وقد يكون، بحسب ما قبلها، {instead}.",
        ),
        ("This sentence does not name who did this.", "لا تسمّي هذه الجملة الفاعل."),
    ),
    "negated": (
        ("The source has a negation here: “{instead}”.", "في المصدر نفي هنا: «{instead}»."),
        ("The source has a negation here.", "في المصدر نفي هنا."),
    ),
    "undone": (
        ("Elsewhere the source says that this is not so: “{instead}”.", "في موضع آخر ينفي المصدر هذا: «{instead}»."),
        ("Elsewhere the source says that this is not so.", "في موضع آخر ينفي المصدر هذا."),
    ),
    "elsewhere": (
        ("The source has “{said}” in another place, of something else.", "في المصدر «{said}»، لكن في سياق آخر."),
        ("The source has “{said}” in another place, of something else.", "في المصدر «{said}»، لكن في سياق آخر."),
    ),
    "only_names": (
        ("Of the claim, this sentence has the names alone.", "ليس في هذه الجملة من الادعاء إلا الأسماء."),
        ("Of the claim, this sentence has the names alone.", "ليس في هذه الجملة من الادعاء إلا الأسماء."),
    ),
    "unanswered": (
        (
            "The source says something near this; nothing in it was found to answer to: {said}.",
            "يقول المصدر قريبا من هذا، ولم يُعثر فيه على ما يقابل: {said}.",
        ),
        (
            "The source says something near this; nothing in it was found to answer to: {said}.",
            "يقول المصدر قريبا من هذا، ولم يُعثر فيه على ما يقابل: {said}.",
        ),
    ),
}


def reasons(findings: Sequence[Finding], language: str) -> tuple[str, ...]:
    """One sentence a finding, in Arabic for `language` "ar", else in English; equal ones once."""
    arabic = language == "ar"
    said = []
    for finding in findings:
        named = finding.kind == "attributed" and finding.said
        with_instead, without = _REASONS["attributed_to" if named else finding.form or finding.kind]
        form = (with_instead if finding.instead else without)[arabic]
        said.append(form.format(said=_short(finding.said, language), instead=_short(finding.instead, language)))
    return tuple(dict.fromkeys(said))


def listed(words: Sequence[str], language: str) -> str:
    """Several words of a text in one reason."""
    return ("، " if language == "ar" else ", ").join(dict.fromkeys(words))


def instead(said: str, other: str, language: str) -> str:
    """That a source has `other` in the place of `said`."""
    return INSTEAD[language == "ar"].format(said=_short(said, language), instead=_short(other, language))


def _short(text: str, language: str) -> str:
    line = " ".join(text.split())
    line = line if len(line) <= MOST_CHARS else f"{line[: MOST_CHARS - 1].rstrip()}…"
    return isolated_within(line, language)
