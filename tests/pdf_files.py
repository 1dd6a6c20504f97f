"""Small PDF files written by hand, for what Chromium does not write: locked ones, broken ones, fonts without letters."""

from __future__ import annotations

import hashlib

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = b"0123456789abcdef"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
NO_LETTERS = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font"
    b" /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
)


def shown(*lines: bytes, size: int = 12) -> bytes:
    """The content of a page: one line below the other."""
    return b"BT /F1 %d Tf 72 720 Td 16 TL " % size + b" T* ".join(line + b" Tj" for line in lines) + b" ET"


def pdf(
    *contents: bytes, font: bytes = HELVETICA, info: bytes = b"<< >>", user: bytes | None = None, copies: int = 1
) -> bytes:
    """A file with a page for each of `contents`, all that `copies` times; `user` is the password to open it with."""
    pages = len(contents) * copies
    kids = b" ".join(b"%d 0 R" % (10 + 2 * number) for number in range(pages))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        3: font,
        4: info,
    }
    key = b""
    if user is not None:
        owner = _rc4(hashlib.md5(_padded(b"owner")).digest()[:5], _padded(user))
        key = hashlib.md5(_padded(user) + owner + (0xFFFFFFFC).to_bytes(4, "little") + _ID).digest()[:5]
        locked = (owner.hex().encode(), _rc4(key, _PADDING).hex().encode())
        objects[5] = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % locked
    for number in range(pages):
        at = 10 + 2 * number
        content = contents[number % len(contents)]
        if key:
            content = _rc4(hashlib.md5(key + (at + 1).to_bytes(3, "little") + b"\0\0").digest()[:10], content)
        objects[at] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (at + 1)
        )
        objects[at + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    out, places = b"%PDF-1.4\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places.items())
    encrypt = b" /Encrypt 5 0 R" if user is not None else b""
    trailer = b"<< /Size %d /Root 1 0 R /Info 4 0 R%s /ID [<%s> <%s>] >>" % (
        max(objects) + 1, encrypt, _ID.hex().encode(), _ID.hex().encode(),
    )  # fmt: skip
    return (
        out
        + b"xref\n0 1\n0000000000 65535 f \n"
        + table
        + b"trailer\n"
        + trailer
        + b"\nstartxref\n%d\n%%%%EOF" % len(out)
    )


def _padded(password: bytes) -> bytes:
    return (password + _PADDING)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
