"""Adding and removing documents over HTTP: who may, what arrives whole or not at all, and hostile names and files."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_files import pdf, shown

from corpus import web
from corpus.document import document_id_for
from corpus.errors import CatalogError
from corpus.readers import reader_for_name
from rag.engine import Engine
from rag.errors import SettingsError
from rag.settings import Settings
from ui import adding, uploads
from ui.editing import NAME_HEADER, may_edit
from ui.serving import start_in_thread
from ui.uploads import MOST_NAME_BYTES, safe_name

# A page that is a picture, as large as the page.
SCAN = b"q 515 0 0 722 40 60 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
NOTE = "The harbour of Tartus handled 1,900 ships in 2023, the port authority said on 4 March 2024.\n" * 3
ARABIC = "قالت هيئة الميناء إن ميناء طرطوس استقبل 1900 سفينة في عام 2023.\n" * 3


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    with Engine.open(tmp_path_factory.mktemp("uploads") / "home", settings=settings, command="tests") as opened:
        yield opened


@pytest.fixture(scope="module")
def url(engine: Engine) -> Iterator[str]:
    with start_in_thread(engine) as address:
        yield address


@pytest.fixture
def page(url: str, engine: Engine) -> Iterator[httpx.Client]:
    """A client that says what a browser on our own page says. The home is empty, and empty again afterwards."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60, headers={"Origin": url}) as client:
        yield client
        for one in engine.documents():
            client.delete(f"/library/documents/{one.document_id}").raise_for_status()
        for left in (engine.home / "uploads").glob("*"):
            left.unlink()


def send(page: httpx.Client, name: str, data: bytes | Iterator[bytes], **headers: str) -> dict[str, Any]:
    reply = page.post("/library/files", content=data, headers={NAME_HEADER: quote(name), **headers})
    assert reply.status_code == 200, reply.text
    last: dict[str, Any] = json.loads(reply.text.splitlines()[-1])
    return last


def kept(engine: Engine) -> dict[str, bytes]:
    """Every file of the folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in (engine.home / "uploads").glob("*")}


# What is added


def test_a_file_is_added_updated_and_removed(page: httpx.Client, engine: Engine) -> None:
    first = send(page, "ميناء طرطوس.txt", ARABIC.encode())
    (document,) = engine.documents()
    assert (first["state"], first["document"]) == ("added", document.document_id)
    assert document.source == str((engine.home / "uploads").resolve() / "ميناء طرطوس.txt")
    assert document.title == "ميناء طرطوس"
    assert kept(engine) == {"ميناء طرطوس.txt": ARABIC.encode()}
    assert send(page, "ميناء طرطوس.txt", ARABIC.encode())["state"] == "unchanged"
    changed = (ARABIC + "ثم أضافت الهيئة أنها توقعت زيادة في عام 2024.").encode()
    second = send(page, "ميناء طرطوس.txt", changed)
    assert (second["state"], second["document"]) == ("updated", document.document_id)
    assert kept(engine) == {"ميناء طرطوس.txt": changed}
    assert engine.ask("كم سفينة استقبل ميناء طرطوس؟").citations
    # It is a file like any other to the rest: read again where it lies, it is the same document.
    assert engine.ingest([engine.home / "uploads"]).unchanged == 1
    assert page.delete(f"/library/documents/{document.document_id}").json() == {"removed": document.document_id}
    assert engine.documents() == []
    assert kept(engine) == {}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", b"# Port\n\n" + NOTE.encode()),
        ("a.html", f"<title>Port</title><article><p>{NOTE}</p></article>".encode()),
        ("cp1256.txt", ARABIC.encode("cp1256")),
        ("report-ar.docx", None),
        ("report-ar.pdf", None),
        ("ALOUD.PDF", None),
    ],
)
def test_every_format_that_is_read(page: httpx.Client, engine: Engine, name: str, data: bytes | None) -> None:
    if data is None:
        folder = Path(__file__).parent / "data" / ("word" if name.endswith("docx") else "pdf")
        data = (folder / ("report-en.pdf" if name == "ALOUD.PDF" else name)).read_bytes()
    assert send(page, name, data)["state"] == "added"
    assert [Path(one.source).name for one in engine.documents()] == [name]


def test_pages_without_text_and_the_same_text_elsewhere_are_told(page: httpx.Client) -> None:
    data = (Path(__file__).parent / "data" / "pdf" / "mixed.pdf").read_bytes()
    assert "note" not in send(page, "whole.pdf", data)
    told = send(
        page, "تقرير.pdf", pdf(shown(b"(A plain sentence that stands on a page.)", b"(A second line of it.)"), SCAN)
    )
    assert told["state"] == "added"
    assert told["note"]["en"].startswith("Page 2 of تقرير.pdf is an image without text")
    assert "الصفحة 2" in told["note"]["ar"].translate({0x2068: None, 0x2069: None})
    send(page, "one.txt", NOTE.encode())
    assert send(page, "two.txt", NOTE.encode())["state"] == "duplicate"


def test_a_file_that_cannot_be_read_harms_nothing(page: httpx.Client, engine: Engine) -> None:
    send(page, "report.pdf", (Path(__file__).parent / "data" / "pdf" / "report-en.pdf").read_bytes())
    before, files = engine.documents(), kept(engine)
    scan = (Path(__file__).parent / "data" / "pdf" / "scan.pdf").read_bytes()
    for data in (b"%PDF-1.7 cut off", b"", scan):
        told = send(page, "report.pdf", data)
        assert told["state"] == "failed"
        for said in told["reason"].values():
            assert "report.pdf" in said
            assert "\n" not in said
            assert str(engine.home) not in said
            assert "uploads" not in said
        assert any("\u0621" <= sign <= "\u064a" for sign in told["reason"]["ar"])
    assert engine.documents() == before
    assert kept(engine) == files


def test_a_disk_that_is_full_harms_nothing(page: httpx.Client, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    send(page, "a.txt", NOTE.encode())
    before, files = engine.documents(), kept(engine)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("ui.uploads.os.fsync", full)
        told = send(page, "a.txt", (NOTE + "More.").encode())
    assert (told["state"], told["reason"]["en"]) == ("failed", "The server could not store it: its disk may be full.")
    with monkeypatch.context() as patch:
        patch.setattr(engine._catalog, "put", lambda _: (_ for _ in ()).throw(CatalogError("full", "Free some.")))
        told = send(page, "a.txt", (NOTE + "More.").encode())
    assert told["state"] == "failed"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        told = send(page, "a.txt", (NOTE + "More.").encode())
    assert told["state"] == "failed"
    assert engine.documents() == before
    assert engine.document(before[0].document_id).text.strip() == NOTE.strip()
    assert kept(engine) == files


def test_a_connection_that_breaks_leaves_nothing(page: httpx.Client, engine: Engine, url: str) -> None:
    with begin_sending(url):
        until(lambda: len(kept(engine)) == 1)
        assert next(iter(kept(engine))).startswith(".")
    until(lambda: kept(engine) == {})
    assert engine.documents() == []


def begin_sending(url: str) -> socket.socket:
    """A connection on which the beginning of a file was sent."""
    host, port = url.removeprefix("http://").split(":")
    raw = socket.create_connection((host, int(port)))
    head = (
        f"POST /library/files HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {url}\r\n"
        f"{NAME_HEADER}: a.txt\r\nContent-Length: 100000\r\n\r\n"
    )
    raw.sendall(head.encode() + NOTE.encode())
    return raw


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_a_server_that_died_left_behind_goes_with_the_next(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "home" / "uploads"
    folder.mkdir(parents=True)
    (folder / ".0123.part").write_text("half", "utf-8")
    (folder / "mine.txt").write_text(NOTE, "utf-8")
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        uploads.Uploads(engine)
        assert set(kept(engine)) == {"mine.txt"}


def test_a_server_that_stops_meanwhile_stores_whole_or_nothing(tmp_path: Path, settings: Settings) -> None:
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        to = uploads.Uploads(engine)
        with to.receiving() as (file, part):
            file.write(NOTE.encode())
        engine.warm()

        def stop(_: object) -> None:
            engine._catalog.close()

        with pytest.raises(CatalogError):
            to.add_file(part, "a.txt", stop)
        assert kept(engine) == {}


def test_two_of_one_name_at_once(page: httpx.Client, engine: Engine) -> None:
    texts = [f"{NOTE}This is version {n} of the report about the port.\n" for n in range(4)]
    told: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda t=text: told.append(send(page, "a.txt", t.encode()))) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one["state"] for one in told) == ["added", "updated", "updated", "updated"]
    (document,) = engine.documents()
    assert set(kept(engine)) == {"a.txt"}
    assert kept(engine)["a.txt"].decode().strip() == engine.document(document.document_id).text.strip()


def test_more_than_are_taken_at_once_are_asked_to_wait(page: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads.Uploads, "begin", lambda _: (_ for _ in ()).throw(uploads.Busy()))
    reply = page.post("/library/files", content=b"x", headers={NAME_HEADER: "a.txt"})
    assert reply.status_code == 503
    assert set(reply.json()["reason"]) == {"ar", "en"}


def test_a_server_that_is_killed_meanwhile_has_stored_whole_documents_alone(tmp_path: Path, settings: Settings) -> None:
    long = "".join(
        f"The port of Tartus handled {n:,} ships in the week that ended on day {n}.\n\n" for n in range(6_000)
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--json", "--home", tmp_path, "--port", "0"], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        address = json.loads(b"".join(iter(process.stdout.readline, b"}\n")) + b"}")["url"]
        client = httpx.Client(base_url=address, trust_env=False, timeout=120, headers={"Origin": address})
        send(client, "short.txt", NOTE.encode())
        begun = begin_sending(address)
        sent = client.build_request("POST", "/library/files", content=long.encode(), headers={NAME_HEADER: "long.txt"})
        assert any("indexing" in line for line in client.send(sent, stream=True).iter_lines())
        assert len(list((tmp_path / "uploads").glob(".*.part"))) == 1
    finally:
        process.kill()
        process.wait()
    begun.close()
    with Engine.open(tmp_path, settings=settings) as engine:
        uploads.Uploads(engine)
        assert {Path(one.source).name for one in engine.documents()} == set(kept(engine)) == {"short.txt", "long.txt"}
        assert kept(engine)["long.txt"] == long.encode()


# Limits


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("a.doc", 10, "there is no reader for .doc"),
        ("a", 10, "a file without a suffix"),
        ("a.txt", 20_000_001, "20,000,001 bytes"),
        ("a.pdf", 200_000_001, "200,000,001 bytes"),
        ("a.exe", 10**12, "no reader for .exe"),
    ],
)
def test_what_is_not_taken_is_told_before_it_is_sent(page: httpx.Client, name: str, size: int, said: str) -> None:
    told = page.post("/library/check", json={"name": name, "size": size}).json()
    assert told["state"] == "failed"
    assert said in told["reason"]["en"]
    assert page.post("/library/check", json={"name": "a.pdf", "size": 200_000_000}).status_code == 204


def test_a_body_that_is_longer_than_it_said(page: httpx.Client, engine: Engine) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(400):
            yield b"word " * 12_000

    told = send(page, "a.txt", endless())
    assert told["state"] == "failed"
    assert "larger than 20,000,000 bytes" in told["reason"]["en"]
    assert kept(engine) == {}


def test_a_zip_bomb_is_refused(page: httpx.Client, engine: Engine) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(1_000):
                part.write(b" " * 1_000_000)
    told = send(page, "bomb.docx", bomb.getvalue())
    assert told["state"] == "failed"
    assert kept(engine) == {}


# Names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\تقرير.pdf", "تقرير.pdf"),
        ("...hidden.txt", "hidden.txt"),
        ("a\u202etxt.exe.pdf", "atxt.exe.pdf"),
        ("تقرير\u200f\u200e\u2066 نهائي\u2069.txt", "تقرير نهائي.txt"),
        ("a\x00b\n c\x1b[31m.txt", "ab c[31m.txt"),
        ("  a  b .txt", "a b.txt"),
        ("", "document"),
        ("..", "document"),
        ("/", "document"),
        ("e\u0301.txt", "é.txt"),
        ("\ud800a.txt", "a.txt"),
    ],
)
def test_names_are_made_safe(given: str, name: str) -> None:
    assert safe_name(given) == name


def test_long_names_stay_apart() -> None:
    one, two = (safe_name("تقرير " * 60 + f"{n}.pdf") for n in (1, 2))
    assert one != two
    assert one.endswith(".pdf")
    assert len(one.encode()) <= MOST_NAME_BYTES


@given(st.text(st.characters() | st.sampled_from("./\\\0\u202eاب ")))
def test_any_name_is_one_visible_file_name(given: str) -> None:
    name = safe_name(given)
    assert name
    assert not name.startswith(".")
    assert "/" not in name
    assert name.isprintable()
    assert len(name.encode()) <= MOST_NAME_BYTES
    assert safe_name(name) == name


def test_a_hostile_name_stays_in_the_folder(page: httpx.Client, engine: Engine) -> None:
    told = send(page, "../../\u202e<img src=x onerror=alert(1)>.txt", NOTE.encode())
    assert told["state"] == "added"
    assert set(kept(engine)) == {"<img src=x onerror=alert(1)>.txt"}
    shown = page.get("/library").json()["list"]
    assert "<img" not in shown
    assert "&lt;img" in shown


# Links


def test_a_link_is_fetched_as_ingest_does(page: httpx.Client, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<title>ميناء</title><article><p>{ARABIC}</p></article>".encode())

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{site.server_address[1]}/page"

    def add(link: str) -> dict[str, Any]:
        last: dict[str, Any] = json.loads(page.post("/library/links", json={"url": link}).text.splitlines()[-1])
        return last

    told = add(address)
    assert told["state"] == "failed"  # no address of the local network
    assert "private or local" in told["reason"]["en"]
    monkeypatch.setattr(web, "_is_public", lambda _: True)
    assert add(f" {address}#part ")["state"] == "added"
    assert [(one.source, one.title) for one in engine.documents()] == [(address, "ميناء")]
    assert add(address)["state"] == "unchanged"
    site.shutdown()
    site.server_close()


@pytest.mark.parametrize(
    "link", ["/etc/passwd", "file:///etc/passwd", "C:\\a.txt", "javascript:alert(1)", "", "ftp://a/"]
)
def test_a_link_is_no_path(page: httpx.Client, engine: Engine, link: str) -> None:
    told = json.loads(page.post("/library/links", json={"url": link}).text.splitlines()[-1])
    assert told["state"] == "failed"
    assert engine.documents() == []


# Removing


def test_only_a_whole_id_removes_and_only_files_that_were_sent_are_deleted(
    page: httpx.Client, engine: Engine, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text(NOTE, "utf-8")
    engine.ingest([mine])
    known = document_id_for(str(mine.resolve()))
    for wrong in (known[:8], "0" * 16, "%2e%2e", known.upper() + "x"):
        assert page.delete(f"/library/documents/{wrong}").status_code == 404
    assert len(engine.documents()) == 1
    assert page.delete(f"/library/documents/{known}").status_code == 200
    assert mine.exists()
    assert page.delete(f"/library/documents/{known}").status_code == 404


# Who may


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"X-Forwarded-For": "203.0.113.5"},
        {"Forwarded": "for=203.0.113.5"},
    ],
)
def test_no_other_page_may_have_a_browser_change_the_documents(
    page: httpx.Client, engine: Engine, headers: dict[str, str]
) -> None:
    known = str(send(page, "a.txt", NOTE.encode())["document"])
    for method, path, body in (
        ("POST", "/library/files", b"text"),
        ("POST", "/library/links", b'{"url": "https://example.org"}'),
        ("POST", "/library/check", b'{"name": "a.txt", "size": 1}'),
        ("DELETE", f"/library/documents/{known}", b""),
    ):
        sent = {NAME_HEADER: "b.txt", "Content-Type": "application/json", **headers}
        assert page.request(method, path, content=body, headers=sent).status_code == 403
    assert [one.document_id for one in engine.documents()] == [known]


def test_a_name_pointed_at_this_machine_is_refused(url: str, page: httpx.Client) -> None:
    """DNS rebinding: to the browser the other page's name is this server's."""
    port = url.rsplit(":", 1)[1]
    headers = {"Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}", "Sec-Fetch-Site": "same-origin"}
    assert page.post("/library/files", content=b"x", headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("value", "alone", "password", "allowed"),
    [("auto", True, None, True), ("auto", False, None, False), ("auto", False, "long enough", False),
     ("on", True, None, True), ("on", False, "long enough", True), ("off", True, None, False)],
)  # fmt: skip
def test_the_setting(value: str, alone: bool, password: str | None, allowed: bool) -> None:
    settings = Settings(web_editing=value, password=password)
    assert may_edit(settings, alone=alone) is allowed


def test_an_open_server_without_a_password_is_not_started(
    monkeypatch: pytest.MonkeyPatch, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    monkeypatch.setenv("TAWTHIQ_WEB_EDITING", "on")
    with pytest.raises(SettingsError):
        may_edit(Settings(web_editing="on"), alone=False)
    code, out, err = run("serve", "--home", tmp_path / "home", "--host", "0.0.0.0", "--port", "0")
    assert (code, out) == (2, "")
    assert "there is no password" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_where_it_is_not_allowed_nothing_of_it_is_there(tmp_path: Path, host: str) -> None:
    settings = Settings(web_editing="off" if host == "127.0.0.1" else "auto")
    with Engine.open(tmp_path / "home", settings=settings) as engine, start_in_thread(engine, host) as address:
        client = httpx.Client(base_url=address, trust_env=False, headers={"Origin": address})
        for method, path in (
            ("POST", "/library/files"),
            ("POST", "/library/links"),
            ("POST", "/library/check"),
            ("GET", "/library"),
            ("DELETE", "/library/documents/0123456789abcdef"),
        ):
            assert client.request(method, path).status_code == 403, path
        config = client.get("/config").text
        assert "library/files" not in config
        assert not (engine.home / "uploads").exists()


def test_with_a_password_only_those_signed_in(tmp_path: Path) -> None:
    settings = Settings(web_editing="on", password="long enough")
    with Engine.open(tmp_path / "home", settings=settings) as engine, start_in_thread(engine, "0.0.0.0") as address:
        client = httpx.Client(base_url=address, trust_env=False, headers={"Origin": address}, timeout=60)
        refused = client.post("/library/files", content=NOTE.encode(), headers={NAME_HEADER: "a.txt"})
        assert refused.status_code == 401
        assert client.post("/sign-in", data={"password": "long enough"}).status_code == 303
        assert send(client, "a.txt", NOTE.encode())["state"] == "added"
        # Behind a proxy that gives the server another name, the browser's word counts; no other page's does.
        behind = {"Origin": "https://news.example", "X-Forwarded-For": "203.0.113.5"}
        assert (
            send(client, "a.txt", NOTE.encode(), **behind, **{"Sec-Fetch-Site": "same-origin"})["state"] == "unchanged"
        )
        wrong = client.post("/library/files", content=b"x", headers={NAME_HEADER: "a.txt", **behind})
        assert wrong.status_code == 403


def test_the_script_has_its_texts_in_both_languages() -> None:
    given = json.loads(adding.script().split("const adding = ", 1)[1].split(";\n", 1)[0])
    assert all(reader_for_name(f"a{suffix}") for suffix in given["suffixes"])
    assert all(set(texts) == {"ar", "en"} for texts in given["texts"].values())
    assert given["most"] == adding.MOST_FILES
