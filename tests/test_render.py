"""Answers as HTML, text and Markdown: whatever a source's text holds, it stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.document import Document
from rag.types import Answer, Citation, Frame, Models, Notice, Passage, ScoredPassage, Statement
from ui import i18n, panel, render
from ui.templating import direction_of, source

HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "</p></section><script>alert(1)</script>",
    "![i](https://evil.example/i.png) [a](javascript:alert(1)) **b** `c`",
    "[1]: https://evil.example\n\n[1]",
    "\u202eoverride\u202c \u2066open",
    "${alert(1)} {{value}} {{{value}}} `tick`",
    "&lt;img src=x&gt; &amp;",
    "\x00\x1b[2J\ud800",
    "- a\n# b\n1. c\n> d\n    e\n---",
    '" onmouseover="alert(1)',
)
texts = st.one_of(
    st.text(min_size=1, max_size=120), st.sampled_from(HOSTILE), st.text("<>&\"'`[]()!*_#\n {}$\u202e", min_size=1)
)
ALLOWED = {
    *("section", "p", "figure", "blockquote", "figcaption", "a", "bdi", "cite", "span", "time", "strong", "details"),
    *("summary", "h2", "h3", "ul", "li", "button", "pre", "article", "div", "mark"),
}


class Page(HTMLParser):
    """What a browser would make of HTML: its elements, its text, and each element's own text by class."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.tags if name in (attributes.get("class") or "").split()]


def citation(number: int, quote: str, *, title: str = "Title", document: str = "d1", start: int = 0) -> Citation:
    return Citation(
        number=number,
        document_id=document,
        document_sha256="0" * 64,
        title=title,
        source="/news/file.md",
        publisher="Publisher",
        published=date(2023, 6, 30),
        language="en",
        start=start,
        end=start + len(quote),
        quote=quote,
    )


def answer(*citations: Citation, language: str = "en", **changes: object) -> Answer:
    made = Answer(
        question="Question?",
        language=language,
        status="answered" if citations else "not_found",
        mode="quotes",
        text=" ".join(f"{c.quote} [{c.number}]" for c in citations) or "Nothing there.",
        statements=tuple(Statement(c.quote, (c.number,), "quoted") for c in citations),
        citations=citations,
        passages=(),
        index_generation=1,
        models=Models("e5"),
        elapsed_ms=4,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def passage(text: str, rank: int = 1, title: str = "Title") -> ScoredPassage:
    return ScoredPassage(Passage("d1", 0, len(text), "en", text, "/news/file.md", title), 1.0, rank)


def checked(html: str) -> Page:
    """The page, after checking that it holds our elements only, properly nested, and nothing that acts or fetches."""
    page = Page(html)
    assert not page.open
    for tag, attributes in page.tags:
        assert tag in ALLOWED
        assert not {name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset")}
        assert (attributes.get("href") or "#tw-").startswith(("#tw-", "http://", "https://"))
    return page


def shown(text: str) -> str:
    """What `source` leaves of a text for the eye: what HTML cannot carry replaced, overrides as empty elements."""
    return Page(str(source(text))).text


# The first compiles the templates, and draws from tables that are read then.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(quotes=st.lists(texts, min_size=1, max_size=4), title=texts, words=texts, question=texts)
def test_no_source_text_becomes_markup(quotes: list[str], title: str, words: str, question: str) -> None:
    cited = [citation(n, quote, title=title, document=f"d{n}") for n, quote in enumerate(quotes, 1)]
    made = answer(*cited, frame=Frame(words, words), notices=(Notice("code", words),))
    html = render.turn_html(question, render.answer_html(made, 3), 3)
    page = checked(html)
    markers = page.of("tw-marker")
    assert [(m["data-number"], m["data-turn"]) for m in markers] == [(str(c.number), "3") for c in cited]
    for quote in quotes:
        assert shown(quote) in page.text
    assert shown(title) in page.text


@given(text=texts, title=texts)
def test_related_passages_are_text_too_and_never_numbered(text: str, title: str) -> None:
    made = answer(passages=tuple(passage(text, rank, title) for rank in range(1, 6)))
    page = checked(str(render.answer_html(made, 1)))
    assert page.of("tw-marker") == []
    assert len(page.of("tw-passage")) == render.RELATED_PASSAGES
    assert "Related passages, not an answer" in page.text


def test_a_related_passage_is_shown_from_what_is_nearest_on_and_open_in_its_document() -> None:
    first, second, third = "مرّ القانون في المجلس. " * 20, "وعيّن الوزير رئيس البلدية.", " ثم انتهت الجلسة."
    document = Document("d1", "/news/file.md", "Title", first + second + third, "ar")
    near = (len(first), len(first) + len(second))
    found = replace(passage(document.text), nearest=near)
    assert ScoredPassage.from_json(found.to_json()) == found
    page = checked(str(render.answer_html(answer(passages=(found,)), 1)))
    assert f"… {second}{third}" in page.text
    assert first[:20] not in page.text
    html = panel.passage_html(found, 1, document)
    assert re.findall('<mark class="tw-nearest">([^<]*)</mark>', html) == [second]
    assert "".join(re.findall("<mark[^>]*>([^<]*)</mark>", html)) == document.text
    # Of a place that is not in the passage nothing is believed.
    for start, end in ((-5, 3), (0, len(document.text) + 1), (9, 9)):
        assert ScoredPassage.from_json({**found.to_json(), "nearest": {"start": start, "end": end}}).nearest is None


@given(before=texts, quote=texts, after=texts, title=texts)
def test_the_panel_marks_exactly_the_quote(before: str, quote: str, after: str, title: str) -> None:
    text = f"{before}\n{quote} {after}"
    document = Document("d1", "/news/file.md", title, text.encode("utf-8", "replace").decode(), "en")
    start, end = len(before) + 1, len(before) + 1 + len(quote)
    cited = replace(citation(1, document.text[start:end], title=title, start=start), document_sha256=document.sha256)
    html = panel.citation_html(answer(cited), 2, 1, document)
    checked(html)
    marked = re.findall(r'<mark class="tw-chosen">(.*?)</mark>', html, re.DOTALL)
    lines = [line for line in cited.quote.split("\n") if line]
    assert marked == [str(source(line)) for line in lines]
    assert f"characters {start} to {end}" in html


@given(text=st.text(max_size=60), spans=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1))
def test_surroundings_lose_no_character(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(min(a, b, len(text)), min(max(a, b), len(text)), "cited") for a, b in spans]
    around = panel.surroundings(text, inside)
    assert [line.text for line in around.lines] == [line for line in text.split("\n") if line]
    assert not around.cut_before
    assert not around.cut_after


def test_a_long_document_is_shown_around_the_quote_only() -> None:
    text = "a" * 50_000 + "QUOTE" + "b" * 50_000
    around = panel.surroundings(text, [(50_000, 50_005, "chosen")])
    assert around.cut_before
    assert around.cut_after
    assert sum(len(line.text) for line in around.lines) == 2 * panel.SURROUNDING_CHARS + 5
    assert [part.text for line in around.lines for part in line.parts if part.mark] == ["QUOTE"]


def test_a_changed_or_missing_document_is_never_shown_as_the_quoted_one() -> None:
    cited = citation(1, "The first words.")
    document = Document("d1", "/news/file.md", "Title", "Other words altogether.", "en")
    for now, said in ((document, "has changed"), (None, "no longer there")):
        page = checked(panel.citation_html(answer(cited), 1, 1, now))
        assert said in page.text
        assert "The first words." in page.text
        assert page.of("tw-reader") == []
        assert "Matches the stored text" not in page.text


def test_the_panel_groups_citations_by_document_and_links_pages_only() -> None:
    cited = [
        citation(1, "One."),
        citation(2, "Two.", start=5),
        replace(citation(3, "Three.", document="d2"), source="https://example.org/a?b=1&c=<d>"),
        replace(citation(4, "Four.", document="d3"), source="javascript:alert(1)"),
    ]
    html = panel.citation_html(answer(*cited), 1, 3, None)
    page = checked(html)
    assert len(page.of("tw-source")) == 3
    assert [m["data-number"] for m in page.of("tw-marker")] == ["1", "2", "3", "4"]
    assert [m["data-number"] for m in page.of("tw-marker") if m.get("aria-current")] == ["3"]
    assert [a["href"] for tag, a in page.tags if tag == "a" and a.get("target")] == ["https://example.org/a?b=1&c=<d>"]
    with pytest.raises(KeyError):
        panel.citation_html(answer(*cited), 1, 9, None)


@pytest.mark.parametrize(
    ("language", "expected", "name"),
    [("ar", "rtl", "اعرض المصدر 1"), ("en", "ltr", "Show source 1"), ("fr", "ltr", "Show")],
)
def test_the_frame_speaks_the_questions_language(language: str, expected: str, name: str) -> None:
    page = checked(str(render.answer_html(answer(citation(1, "A quote."), language=language), 1)))
    section = page.tags[0][1]
    assert section["dir"] == expected
    (marker,) = page.of("tw-marker")
    assert (marker["aria-label"] or "").startswith(name)
    assert marker["href"] == "#tw-sources"


def test_neighbouring_quotes_of_one_document_share_one_attribution() -> None:
    quotes = [citation(1, "1. One."), citation(2, "2. Two."), citation(3, "Other.", document="d2"), citation(4, "4.")]
    assert [[line.text for line in block.lines] for block in render.blocks(answer(*quotes))] == [
        ["1. One.", "2. Two."],
        ["Other."],
        ["4."],
    ]


def test_a_language_models_words_are_prose_in_paragraphs_never_quotes() -> None:
    made = answer(
        citation(1, "Verbatim."),
        mode="llm",
        text="Verbatim. [1] Second.\n\nThird.",
        statements=(
            Statement("Verbatim.", (1,), "quoted"),
            Statement("Second.", (1, 7), "weak", ("Not checked.",)),
            Statement("Third.", (), "unsupported", ("No source is cited.",)),
        ),
        models=Models("e5", "openai:gpt-x"),
        removed=(Statement("Gone <b>.", (), "unsupported"),),
    )
    assert [len(block.lines) for block in render.blocks(made)] == [2, 1]
    page = checked(str(render.answer_html(made, 1)))
    assert page.of("tw-quote") == []
    assert len(page.of("tw-prose")) == 2
    assert [m["data-number"] for m in page.of("tw-marker")] == ["1", "1"]
    for text in ("Not checked.", "not supported by the sources", "No source is cited.", "openai:gpt-x", "Gone <b>."):
        assert text in page.text
    assert "[7]" not in render.answer_text(made)


@given(quotes=st.lists(texts, min_size=1, max_size=4))
def test_plain_text_carries_every_quote_marker_and_source(quotes: list[str]) -> None:
    cited = [citation(n, quote, document=f"d{n}") for n, quote in enumerate(quotes, 1)]
    text = render.answer_text(answer(*cited))
    for c in cited:
        assert re.sub("[\u202d\u202e]", "\ufffd", c.quote) in text
        assert f"” [{c.number}]" in text
        assert f"- [{c.number}] Title · Publisher · 30 June 2023 · file.md · 0–{len(c.quote)}" in text
    assert not re.search("[\u202d\u202e]", text)


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("/tmp/upload-7/تقرير الميناء.txt", "تقرير الميناء.txt"),
        ("C:\\Users\\lina\\report.pdf", "report.pdf"),
        ("https://example.org/news/2020", "https://example.org/news/2020"),
        ("/", "/"),
    ],
)
def test_readers_elsewhere_are_told_a_files_name_and_not_where_it_is(origin: str, told: str) -> None:
    cited = replace(citation(1, "Four million euros."), source=origin)
    shown = [render.answer_text(answer(cited)), panel.citation_html(answer(cited), 1, 1, None)]
    assert all(told in one for one in shown)
    hidden = origin.removesuffix(told)
    assert not any(hidden and hidden in one for one in shown)


@given(quotes=st.lists(texts, min_size=1, max_size=3), title=texts, words=texts)
def test_no_source_text_means_anything_in_markdown(quotes: list[str], title: str, words: str) -> None:
    cited = [citation(n, quote, title=title, document=f"d{n}") for n, quote in enumerate(quotes, 1)]
    prose = tuple(Statement(quote, (n,), "supported") for n, quote in enumerate(quotes, 1))
    for made in (answer(*cited, frame=Frame(words, "")), answer(*cited, mode="llm", statements=prose)):
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(render.answer_markdown(made))
        kinds = {token.type for token in tokens} | {child.type for t in tokens for child in t.children or ()}
        plain = {"text", "text_special", "inline", "softbreak"}
        expected = {
            f"{name}_{side}"
            for name in ("paragraph", "blockquote", "bullet_list", "list_item")
            for side in ("open", "close")
        }
        assert kinds <= plain | expected
        assert sum(token.type == "bullet_list_open" for token in tokens) == 1


def test_an_answer_that_found_nothing_says_so_everywhere() -> None:
    made = answer(language="ar", text="لم نجد جوابًا.", passages=(passage("Related words."),))
    page = checked(str(render.answer_html(made, 1)))
    assert page.text.count("لم نجد جوابًا.") == 2  # once to be read, once to be copied
    assert i18n.text("ar", "answer.not_found") not in page.text
    assert "مقاطع ذات صلة، وليست جوابًا" in page.text
    assert render.answer_text(made) == "لم نجد جوابًا.\n"


def test_problems_progress_and_welcome_are_escaped() -> None:
    for html in (
        str(render.problem_html("<b>", "ar")),
        str(render.progress_html("<b>", (Notice("n", "<b>"),), "en")),
        render.welcome_html(3, [("ar", "<b>")]),
        render.welcome_html(0, [], forgotten=True),
        panel.empty_html(),
        panel.nothing_cited_html(2),
    ):
        checked(html)
    assert "tawthiq ingest" in render.welcome_html(0, [("ar", "سؤال")])


def test_overrides_are_named_by_the_style_sheet() -> None:
    html = str(source("a\u202eb"))
    assert html == 'a<span class="tw-control" data-code="U+202E"></span>b'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Captagon هو اسم تجاري لعقار", "rtl"),
        ("The word كبتاغون in English", "ltr"),
        ("2023 – 1", "auto"),
        ("", "auto"),
    ],
)
def test_direction_follows_most_letters(text: str, expected: str) -> None:
    assert direction_of(text) == expected
