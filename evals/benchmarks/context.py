"""Whether a passage is found better with its document's title, section or date in front of the embedded text.

    python -m evals.benchmarks.context [MIXED_DEV]

embeds the sample documents anew for each variant and ranks the answerable bundled questions; with MIXED_DEV, whose
titles are the names of files, that set too: what a title that says nothing costs. Words are searched as ever (the
lexical index has the title anyway). Documents are ranked by their best passage among the first 40.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.document import Document
from corpus.sources import sample_documents
from evals import question_sets
from evals.benchmarks import mixed_dev
from evals.benchmarks.baselines import tawthiq
from evals.benchmarks.retrieval import Table, figures, markdown
from evals.question_set import Question, load_question_set
from rag import Engine
from rag.chunking import Chunk, chunk
from rag.embedding import Encoded, Encoder, FloatArray
from rag.sentences import Span
from rag.settings import load_settings

VARIANTS = ("nothing", "title", "section", "title, section", "title, date")


class ContextEncoder:
    """`encoder`, with something in front of those passages that `prefixes` names by their text."""

    def __init__(self, encoder: Encoder, prefixes: dict[str, str]) -> None:
        self.identity, self.dimension, self.backend = encoder.identity, encoder.dimension, encoder.backend
        self._encoder = encoder
        self._prefixes = prefixes

    def encode_query(self, text: str) -> FloatArray:
        return self._encoder.encode_query(text)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._encoder.encode_queries(texts)

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> Iterator[Encoded]:
        fronts = [self._prefixes.get(text, "") for text in texts]
        moved = [[(a + len(f), b + len(f)) for a, b in spans] for f, spans in zip(fronts, sentences, strict=True)]
        return self._encoder.encode_passages([f + text for f, text in zip(fronts, texts, strict=True)], moved)


def front(variant: str, document: Document, piece: Chunk, headings: Sequence[Span]) -> str:
    """What stands in front of a passage, with its line break; "" for nothing."""
    above = [document.text[h.start : h.end] for h in headings if h.start < piece.start]
    parts = {
        "title": document.title,
        "section": above[-1] if above else "",
        "date": document.published.isoformat() if document.published else "",
    }
    said = [parts[name] for name in variant.split(", ") if parts.get(name)]
    return " - ".join(said) + "\n" if said else ""


def prefixes(engine: Engine, variant: str) -> dict[str, str]:
    """What stands in front of each passage of a home, by the passage's text."""
    found = {}
    for summary in engine.documents():
        document = engine.document(summary.document_id)
        pieces = chunk(document)
        headings = [span for piece in pieces for span in piece.sentences if span.kind == "heading"]
        for piece in pieces:
            found[document.text[piece.start : piece.end]] = front(variant, document, piece, headings)
    return found


def measured(folder: Path, questions: Sequence[Question], group_of: Callable[[Question], str], variant: str) -> Table:
    """The figures of `questions` over the documents below `folder`, embedded as `variant` says."""
    with (
        tempfile.TemporaryDirectory(prefix="tawthiq-context-") as home,
        Engine.open(Path(home), settings=load_settings(), command="benchmark") as engine,
    ):
        engine.ingest([folder])
        before = prefixes(engine, variant)
        engine._encoder = ContextEncoder(engine.encoder(), before)  # noqa: SLF001
        engine.repair()
        stems = {summary.document_id: Path(summary.source).stem for summary in engine.documents()}
        search = tawthiq(engine).search
        ranks = []
        for question in questions:
            ranking = list(dict.fromkeys(stems[document_id] for document_id in search(question.question)))
            wanted = {Path(name).stem for name in question.documents}
            ranks.append(next((n for n, stem in enumerate(ranking, 1) if stem in wanted), 0))
    return figures(np.array(ranks), [group_of(question) for question in questions])


def main() -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="mixed-dev: docs/, questions.jsonl")
    options = parser.parse_args()
    bundled = [q for q in load_question_set(question_sets.path("samples")).questions if q.answerable]
    print(markdown({v: measured(sample_documents(), bundled, lambda _: "samples", v) for v in VARIANTS}), flush=True)
    if options.folder:
        questions = load_question_set(options.folder / "questions.jsonl").questions
        docs = options.folder / "docs"
        print(markdown({v: measured(docs, questions, mixed_dev.group_of, v) for v in ("nothing", "title")}))


if __name__ == "__main__":
    main()
