"""Fetching pages, against a real local server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from corpus.errors import SourceNotFound, SourceTooLarge, UnreadableSource, UnsupportedSource
from corpus.sources import discover, read_document
from corpus.web import _is_public, fetch, is_url, normalise_url

ARTICLE = (
    "<html lang='ar'><title>عنوان</title><article><p>"
    + "كشفت الوزارة عن خطة جديدة لإصلاح الجسر القديم. " * 5
    + "</p></article>"
)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/hop/"):
            self.send_response(302)
            left = int(self.path.rsplit("/", 1)[1])
            self.send_header("Location", f"/hop/{left - 1}" if left > 1 else "/page")
            self.end_headers()
        elif self.path == "/to-file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif self.path == "/page":
            self.reply(ARTICLE.encode("cp1256"), "text/html; charset=windows-1256")
        elif self.path in ("/report", "/download"):
            data = (Path(__file__).parent / "data" / "pdf" / "columns.pdf").read_bytes()
            self.reply(data, "application/pdf" if self.path == "/report" else "application/octet-stream")
        elif self.path == "/image":
            self.reply(b"\x89PNG", "image/png")
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(1000):
                    self.wfile.write(b"x" * 10_000)
            except OSError:
                pass
        elif self.path == "/slow":
            time.sleep(1.0)
            self.reply(b"late", "text/plain")
        elif self.path == "/agent":
            self.reply(f"{self.headers['User-Agent']} {self.headers['Host']}".encode(), "text/plain")
        else:
            self.send_error(403 if self.path == "/forbidden" else 500 if self.path == "/broken" else 404)

    def reply(self, data: bytes, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Clients hang up on purpose here."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_becomes_a_document(site: str) -> None:
    document = read_document(f"{site}/hop/5#part", allow_private=True)
    assert document.source == f"{site}/hop/5"
    assert (document.title, document.language, document.format) == ("عنوان", "ar", "html")
    assert document.text.startswith("كشفت الوزارة")


@pytest.mark.parametrize(("path", "limit"), [("/report", 5_000), ("/download", 50_000)])
def test_a_pdf_becomes_a_document(site: str, path: str, limit: int) -> None:
    # It has 84,708 bytes, and some 3,000 characters: its bytes are not held against the characters allowed.
    document = read_document(f"{site}{path}", max_chars=limit, allow_private=True)
    assert (document.title, document.format) == ("نشرة السوق: أسعار القمح بين موسمين", "pdf")
    assert "بلغ المخزون في الصوامع الحكومية 61 ألف طن في نهاية نيسان" in document.text
    with pytest.raises(SourceTooLarge):
        read_document(f"{site}{path}", max_chars=1000, allow_private=True)


def test_redirects_are_bounded_and_checked(site: str) -> None:
    assert fetch(f"{site}/hop/5", allow_private=True).url == f"{site}/page"
    with pytest.raises(UnreadableSource, match="redirects more than 5 times"):
        fetch(f"{site}/hop/6", allow_private=True)
    with pytest.raises(UnsupportedSource, match="not an http"):
        fetch(f"{site}/to-file", allow_private=True)


def test_private_addresses_are_refused(site: str) -> None:
    for url in (
        site,
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
    ):
        with pytest.raises(UnsupportedSource, match="private or local"):
            fetch(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert _is_public(address) is public


def test_errors_are_one_clear_line(site: str) -> None:
    with pytest.raises(SourceNotFound, match="HTTP 404"):
        fetch(f"{site}/nothing", allow_private=True)
    with pytest.raises(UnreadableSource, match="HTTP 403"):
        fetch(f"{site}/forbidden", allow_private=True)
    with pytest.raises(UnreadableSource, match="HTTP 500"):
        fetch(f"{site}/broken", allow_private=True)
    with pytest.raises(SourceTooLarge):
        fetch(f"{site}/endless", allow_private=True, max_bytes=50_000)
    with pytest.raises(UnreadableSource, match="did not answer"):
        fetch(f"{site}/slow", allow_private=True, timeout=0.2)
    with pytest.raises(SourceNotFound, match="unknown"):
        fetch("http://no-such-host.invalid/")
    with pytest.raises(UnreadableSource, match="could not be fetched"):
        fetch("http://127.0.0.1:9/", allow_private=True)
    with pytest.raises(UnreadableSource, match="secure"):
        fetch(site.replace("http:", "https:"), allow_private=True)
    with pytest.raises(UnsupportedSource, match="image/png"):
        read_document(f"{site}/image", allow_private=True)


def test_the_request_says_who_asks_and_whom(site: str) -> None:
    said = fetch(f"{site}/agent", allow_private=True).data.decode()
    assert said.startswith("tawthiq/")
    assert said.endswith(site.removeprefix("http://"))


def test_addresses_have_one_spelling() -> None:
    assert normalise_url("HTTP://Example.ORG:80#x") == "http://example.org/"
    assert normalise_url("https://example.org:8443/a?b=1#c") == "https://example.org:8443/a?b=1"
    assert normalise_url("https://مثال.إختبار/س") == "https://xn--mgbh0fb.xn--kgbechtv/س"
    assert discover("https://example.org").sources == ("https://example.org/",)
    for bad in ("ftp://example.org/", "http://", "http://user:secret@example.org/", "http://[::1/", "http://a:99999/"):
        with pytest.raises(UnsupportedSource):
            normalise_url(bad)
    assert is_url("https://example.org")
    assert not is_url("/home/a://b")
