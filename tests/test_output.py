"""What a document's text may do to a terminal: nothing."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from rag.types import Progress
from ui.output import Output, printable


@given(st.text())
def test_printable_text_has_the_same_length_and_no_control_character(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert not [c for c in shown if (ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or c in "\u202d\u202e"]


def test_ordinary_text_in_both_directions_is_left_alone() -> None:
    text = "قال «نعم»\u200f then 100%\n\tتوثيقٌ — 2023"
    assert printable(text) == text


def test_nothing_of_a_document_is_markup_or_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=False)
    output.show("[red]not red[/red] :smile: \x1b]0;title\x07 [/]")
    output.error("bad \x1b[31mname", "hint")
    out, err = capsys.readouterr()
    assert out.rstrip("\n") == "[red]not red[/red] :smile: ␛]0;title␇ [/]"
    assert err.rstrip("\n") == "tawthiq: bad ␛[31mname hint"


@given(st.text())
def test_json_reads_back_and_holds_no_raw_control_character(text: str) -> None:
    with redirect_stdout(io.StringIO()) as written:
        Output(as_json=True).data({"text": text})
    raw = written.getvalue()
    assert json.loads(raw) == {"text": text}
    assert not [c for c in raw if (ord(c) < 0x20 and c != "\n") or 0x7F <= ord(c) < 0xA0]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


STEPS = [
    Progress("model", 1, 1),
    Progress("reading", 0, 0, "a"),
    Progress("reading", 1, 2, "\x1b]0;hostile\x07 [red]name[/red]\n.txt"),
    Progress("indexing", 2, 2),
]


def test_progress_is_a_line_for_each_stage_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Output(as_json=False).progress() as progress:
        for step in STEPS:
            progress(step)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Preparing the embedding model…\nReading…\nIndexing…\n"


def test_progress_bars_show_names_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    with Output(as_json=False).progress() as progress:
        for step in STEPS:
            progress(step)
    drawn = terminal.getvalue()
    assert "Reading" in drawn
    assert "[red]name[/red]" in drawn
    assert "\x1b]0;" not in drawn
    assert "\x07" not in drawn


def test_a_long_line_stays_one_line_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    line = "word " * 200
    Output(as_json=False).show(line, Text(line))
    assert [shown.strip() for shown in capsys.readouterr().out.splitlines()] == [line.strip()] * 2


def test_what_a_library_prints_does_not_spoil_json(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=True)
    with output.guarded():
        print("chatter")
        output.data({"a": "ب"})
    out, err = capsys.readouterr()
    assert json.loads(out) == {"a": "ب"}
    assert err == "chatter\n"
