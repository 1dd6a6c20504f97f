"""Repair of decoded text: what is stored and quoted is the repaired text, so repair runs once, before anything else.

It changes only what no reader would miss: line ends, invisible characters, letters written as presentation forms, and
text that had been decoded with the wrong table. It is idempotent, and its result always encodes as UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_TERMINAL_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# Zero-width and bidi controls, soft hyphen, byte order mark, interlinear marks, fillers, invisible "tag" characters
# (which can smuggle text past a reader), private use (icon fonts), C0/C1 controls other than tab and newline.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]"
)
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2600-\u27bf\u2190-\u21ff\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
# The joiners mean something inside words of joining scripts (Persian, Indic) and emoji; elsewhere they are debris.
_STRAY_JOINER = re.compile(
    f"(?<![{_JOINING}])\u200c|\u200c(?![{_JOINING}])|(?<![{_JOINING}{_EMOJI}])\u200d|\u200d(?![{_JOINING}{_EMOJI}])"
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")
_REPLACEMENTS = re.compile("\ufffd{2,}")
# Presentation forms, but neither the ornate parentheses nor the honorific symbols, which stand for themselves.
_PRESENTATION = re.compile("[\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdcf\ufdf0-\ufdf9\ufe70-\ufefc]")
_ENTITIES = {
    "&nbsp;": " ", "&quot;": '"', "&#39;": "'", "&apos;": "'", "&lsquo;": "‘", "&rsquo;": "’", "&ldquo;": "“",
    "&rdquo;": "”", "&laquo;": "«", "&raquo;": "»", "&ndash;": "–", "&mdash;": "—", "&hellip;": "…",
    "&#8211;": "–", "&#8212;": "—", "&#8216;": "‘", "&#8217;": "’", "&#8220;": "“", "&#8221;": "”", "&#8230;": "…",
}  # fmt: skip
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)))
_MAX_PASSES = 5

# UTF-8 Arabic read as windows-1256: each letter becomes ط, ظ, ع or غ and one more character ("ط§ظ„").
_ARABIC_MOJIBAKE = re.compile("(?:[طظعغ][^\\s]){2}")
_ARABIC_LETTER = re.compile("[\u0621-\u064a\u0671-\u06d3]")


def repair(text: str) -> str:
    """`text` repaired. Idempotent; never raises; the result holds no lone surrogate and no carriage return."""
    for _ in range(_MAX_PASSES):
        repaired = _pass(text)
        if repaired == text:
            break
        text = repaired
    return text


def _pass(text: str) -> str:
    # Pairs of surrogates become the character they stand for, lone ones U+FFFD.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _NEWLINES.sub("\n", text)
    text = "\n".join(_mojibake(line) if not line.isascii() else line for line in text.split("\n"))
    text = _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)
    text = _TERMINAL_ESCAPE.sub("", text)
    text = _INVISIBLE.sub("", text)
    text = _STRAY_JOINER.sub("", text)
    text = _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]).lstrip(" "), text)
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    text = _REPLACEMENTS.sub("\ufffd", text)
    text = _BLANK_LINES.sub("\n\n", _TRAILING.sub("", text))
    return text.strip("\n")


def _mojibake(line: str) -> str:
    if _ARABIC_MOJIBAKE.search(line):
        line = _read_as_1256(line)
    if _suspicious(line):
        line = _fix_encoding(line)
    return line


def _read_as_1256(line: str) -> str:
    """`line` read again as UTF-8, where it was UTF-8 Arabic read as windows-1256; else `line`."""
    encoded = bytearray()
    for character in line:
        try:
            encoded += character.encode("cp1256")
        except UnicodeEncodeError:
            if not 0x80 <= ord(character) < 0xA0:  # a byte that some decoders pass through as a C1 control
                return line
            encoded.append(ord(character))
    try:
        again = encoded.decode("utf-8")
    except UnicodeDecodeError:
        return line
    # Real Arabic hardly ever survives the round trip; ask for clearly Arabic text all the same.
    arabic = len(_ARABIC_LETTER.findall(again))
    letters = sum(character.isalpha() for character in again)
    return again if arabic >= 2 and arabic * 2 >= letters else line


def _suspicious(line: str) -> bool:
    """Whether `line` may be mojibake of Latin tables: what ftfy looks for, without importing it for clean text."""
    return _LATIN_MOJIBAKE.search(line) is not None


# First bytes of UTF-8 sequences as Latin letters, followed by what a continuation byte becomes in a Latin table.
_LATIN_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4\u0102\u0103\u0106-\u010f\u0118-\u011f\u0130\u0131\u0139-\u0155\u0158-\u0163\u016e-\u0171]"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


@cache
def _fixer() -> object:
    from ftfy import TextFixerConfig  # 50 ms, needed only where something looks wrong

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        replace_lossy_sequences=False,
        decode_inconsistent_utf8=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )


def _fix_encoding(line: str) -> str:
    import ftfy

    return ftfy.fix_encoding(line, _fixer())  # type: ignore[arg-type]


def extraction_warnings(text: str) -> tuple[str, ...]:
    """What is doubtful about `text` as an extraction: codes `replacement_characters`, `few_letters`, `visual_order`."""
    visible = [character for character in text if not character.isspace()]
    if not visible:
        return ()
    warnings = []
    if text.count("\ufffd") * 1000 > len(visible):
        warnings.append("replacement_characters")
    if sum(character.isalpha() or unicodedata.combining(character) > 0 for character in visible) * 2 < len(visible):
        warnings.append("few_letters")
    # Teh marbuta and alef maksura end words and the article begins them; in visual order it is the other way round.
    words = re.findall("[\u0621-\u064a]{3,}", text)
    forward = sum(word.startswith("ال") + word.endswith(("ة", "ى")) for word in words)
    backward = sum(word.endswith("لا") + word.startswith(("ة", "ى")) for word in words)
    if backward >= 3 and backward > 2 * forward:
        warnings.append("visual_order")
    return tuple(warnings)
