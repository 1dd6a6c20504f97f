"""Bytes to text: byte order marks, UTF-8, UTF-16, then the single-byte tables that Arabic and Latin text comes in."""

from __future__ import annotations

import codecs
import re

from corpus.errors import UnsupportedSource

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF",
    b"SQLite format 3\x00", b"\xd0\xcf\x11\xe0", b"RIFF", b"OggS", b"ID3", b"7z\xbc\xaf", b"Rar!\x1a", b"BZh",
    b"\xfd7zXZ",
)  # fmt: skip
_CONTROL_BYTES = bytes(set(range(0x20)) - set(b"\t\n\r\x0b\x0c\x1a\x1b")) + b"\x7f"
# In order of preference where two read the text equally well.
_TABLES = ("cp1256", "cp1252", "iso8859_6", "mac_arabic", "cp1254", "cp1251")
_OTHER_TABLES = ["cp1250", "cp1253", "cp1255", "cp1257", "koi8_r", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"]
_SAMPLE_BYTES = 200_000
_WORD = re.compile(r"[^\W\d_]+(?:[\u064b-\u0652\u0640]+[^\W\d_]*)*")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_ARABIC_WORD = re.compile(r"[\u0621-\u0652\u067e\u0686\u0698\u06af\u06a9\u06cc]+")
_CYRILLIC_WORD = re.compile(r"[\u0400-\u045f]+")
# Letters of Arabic text per thousand (counted on Arabic Wikipedia paragraphs); others count as 1.
_FREQUENCY = dict(
    zip("اليمنرتوبةدعفسهكقحجأشصىخطإضزذثءئظغآؤ", (
        154, 129, 74, 68, 63, 50, 47, 56, 37, 37, 31, 33, 27, 29, 29, 22, 24, 20, 14, 20, 11, 11, 10, 9, 11, 7, 7, 6,
        6, 7, 5, 4, 3, 5, 2, 1,
    ), strict=True)
)  # fmt: skip
_COMMON = frozenset(
    (
        "في",
        "من",
        "على",
        "إلى",
        "أن",
        "عن",
        "مع",
        "هذا",
        "هذه",
        "التي",
        "الذي",
        "ما",
        "لا",
        "لم",
        "بعد",
        "قبل",
        "بين",
        "كان",
        "كانت",
        "وقد",
        "قال",
        "هو",
        "هي",
        "أو",
        "كما",
        "و",
    )
)


def decode(data: bytes, *, source: str = "the source", declared: str | None = None) -> str:
    """The text of `data`. `declared` is the encoding that a header or the file states; it is not trusted blindly.

    Raises UnsupportedSource where `data` is not text, or not in any table known here.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    if data.startswith(_MAGIC):
        raise _not_text(source)
    if b"\x00" in data and (wide := _utf16(data)) is not None:
        return wide
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if controls * 100 > len(data):
        raise _not_text(source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        raise _not_text(source)
    mended = data.decode("utf-8", "replace")
    broken = mended.count("\ufffd")
    beyond_ascii = len(mended) - len(mended.encode("ascii", "ignore"))
    if broken * 20 <= beyond_ascii - broken:  # UTF-8 with a few broken bytes, such as a cut-off file
        return mended
    table = _best_table(data, declared)
    if table is None:
        raise UnsupportedSource(
            f"The encoding of {source} could not be told.", "Save it as UTF-8 and try again.", source=source
        )
    return data.decode(table, "replace")


def _not_text(source: str) -> UnsupportedSource:
    return UnsupportedSource(
        f"{source} is not text (binary content).",
        "Give a text, Markdown, HTML, Word (.docx) or PDF file.",
        source=source,
    )


def _utf16(data: bytes) -> str | None:
    """The text of UTF-16 `data` without a byte order mark, or None: its NUL bytes all stand at one parity."""
    if len(data) % 2:
        return None
    even, odd = data[::2].count(0), data[1::2].count(0)
    if min(even, odd) * 20 > max(even, odd):
        return None
    try:
        text = data.decode("utf-16-le" if odd > even else "utf-16-be")
    except UnicodeDecodeError:
        return None
    readable = sum((c.isalnum() and ord(c) < 0x800) or c in " \t\r\n.,،:؛؟!?\"'()-" for c in text)
    return text if readable * 10 >= len(text) * 8 else None


def _best_table(data: bytes, declared: str | None) -> str | None:
    sample = data[:_SAMPLE_BYTES]
    if not _NON_ASCII.search(sample.decode("latin-1")):
        start = next(i for i, byte in enumerate(data) if byte >= 0x80)
        sample = data[max(0, start - 1000) : start + _SAMPLE_BYTES]
    scores: dict[str, float] = {}
    for encoding in _TABLES:
        text = sample.decode(encoding, "replace")
        scores[encoding] = plausibility(text)
    stated = _known_single_byte(declared)
    if stated in scores:
        scores[stated] += 0.15
    elif stated is not None and max(scores.values()) < 0.9:
        return stated
    best = max(_TABLES, key=lambda encoding: scores[encoding])
    if scores[best] > 0.2:
        return best
    from charset_normalizer import from_bytes

    match = from_bytes(sample, cp_isolation=[*_OTHER_TABLES, *_TABLES]).best()
    if match is not None:
        return match.encoding
    return best if scores[best] > -0.5 else None


def _known_single_byte(declared: str | None) -> str | None:
    """Python's name of the `declared` encoding; Latin-1 means windows-1252, as in browsers. None if unknown or UTF."""
    try:
        name = codecs.lookup((declared or "").strip().strip("\"'")).name.replace("-", "_")
        "".encode(name)
    except (LookupError, ValueError):
        return None
    if name.startswith("utf") or name in {
        "ascii",
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
    }:
        return None
    return "cp1252" if name == "iso8859_1" else name


def plausibility(text: str) -> float:
    """How much the non-ASCII words of `text` look like words: about 1 for real text, below 0 for debris."""
    total, count = 0.0, 0
    for word in _WORD.findall(text):
        if not word.isascii():
            total += _word_plausibility(word)
            count += 1
    debris = sum(character == "\ufffd" or 0x80 <= ord(character) < 0xA0 for character in text)
    symbols = len(_ODD_SYMBOL.findall(text)) + len(_ODD_BRACKET.findall(text)) / 2
    if count == 0:  # nothing but punctuation differs: curly quotes and dashes are the usual case
        return 0.5 - (debris + symbols)
    return (total - debris - symbols) / count


# Signs that text hardly ever has next to a letter, but that wrong tables put there.
_ODD_SYMBOL = re.compile(r"(?<=[^\W\d_])[¤¦§¨¬¯°±¹²³´µ¶¸¼½¾×÷‡†‰‚„ƒˆ˜¢£¥¡¿](?=[^\W\d_])")
# Mac Arabic has the ASCII punctuation a second time where other tables have letters.
_ODD_BRACKET = re.compile(r"[\u0600-\u06ff][_\\\]\[{}|^~]|[_\\\]\[{}|^~][\u0600-\u06ff]")


def _word_plausibility(word: str) -> float:
    if _ARABIC_WORD.fullmatch(word):
        if word in _COMMON:
            return 1.5
        if len(word) == 1 or word[0] in "ًٌٍَُِّْ":
            return -0.5
        mean = sum(_FREQUENCY.get(letter, 1) for letter in word) / len(word)
        score = min(1.0, mean / 60)
        if word.startswith(("ال", "وال", "بال", "لل")) and len(word) >= 4:
            score += 0.4
        # Letters that end words only, found inside one, tell a wrong table.
        return score - 1.0 * bool(re.search("[ةى](?=[\u0621-\u064a])", word))
    if _CYRILLIC_WORD.fullmatch(word):
        return (0.8 if word.islower() or word.istitle() or word.isupper() else -1.0) - 0.3 * (len(word) == 1)
    if not all(ord(letter) < 0x250 for letter in word):
        return -2.0  # scripts mixed within one word
    if set(word) & set("þðýÞÐÝªº"):
        return -0.5
    accented = sum(not letter.isascii() for letter in word)
    if not (word.islower() or word.isupper() or word.istitle()):
        return -1.0
    if len(word) == 1:
        return 0.5 if word in "àéèôÀÉóyŽ" else -0.5
    return 1.0 if accented * 2 <= len(word) else -1.0
