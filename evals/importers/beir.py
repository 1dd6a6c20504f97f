"""BEIR folders, and MIRACL's files: a corpus, queries, and judgements of which documents answer which.

BEIR (https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset): `corpus.jsonl` {_id, title, text},
`queries.jsonl` {_id, text}, `qrels/*.tsv` with the heading query-id, corpus-id, score. MIRACL
(https://huggingface.co/datasets/miracl/miracl): `docs-*.jsonl.gz` {docid, title, text}, `topics*.tsv` (id, text),
`qrels*.tsv` as TREC has them (query, Q0, document, relevance). The files of a folder are told apart by their names.

A judgement above 0 names a document; a query is tagged with the name of the file that judged it ("test", "dev").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from evals.errors import QuestionSetError
from evals.importers.draft import Draft, Names, common_language, question_language
from evals.importers.records import Problems, read_json_lines, read_lines
from evals.question_set import Question

MAX_DOCUMENTS = 200_000
"""Documents held and written at once: a corpus of millions is cut before it is imported."""

NOT_JUDGED = "queries that no judgement names"
NOTHING_RELEVANT = "queries whose judgements are all 0"
NO_TEXT = "documents without text"


def read(sources: Sequence[Path], language: str | None, contexts: bool) -> Draft:
    """Raises QuestionSetError, naming file and line: a judgement of what is not there, an id that stands twice."""
    corpora, topics, judgements = _sorted_files(sources)
    left_out: Counter[str] = Counter()
    documents, stems = _corpus(corpora, left_out)
    queries = _queries(topics)
    relevant: dict[str, list[str]] = defaultdict(list)
    tags: dict[str, list[str]] = defaultdict(list)
    for file in judgements:
        problems = Problems(file)
        for place, query, document, score in _judged(file, problems):
            if query not in queries:
                problems.add(place, f"the query {query!r} is not among the queries")
                continue
            tags[query].append(file.name.split(".tsv")[0])
            if score <= 0:
                continue
            if document in stems:
                relevant[query].append(stems[document])
            else:
                problems.add(place, f"the document {document!r} is not in the corpus, or has no text")
        problems.finish()
    common = language or common_language(queries.values())
    questions = []
    for identifier, text in queries.items():
        if not relevant[identifier]:
            left_out[NOTHING_RELEVANT if tags[identifier] else NOT_JUDGED] += 1
            continue
        questions.append(
            Question(
                id=identifier,
                question=text,
                language=language or question_language(text, common),
                documents=tuple(dict.fromkeys(relevant[identifier])),
                tags=tuple(dict.fromkeys(tags[identifier])),
            )
        )
    return Draft(tuple(questions), documents, left_out)


def _sorted_files(sources: Sequence[Path]) -> tuple[list[Path], list[Path], list[Path]]:
    """The files of the corpus, of queries and of judgements. Raises QuestionSetError where one kind is missing."""
    corpora, topics, judgements = [], [], []
    for file in _files(sources):
        name = file.name.lower().removesuffix(".gz")
        about = f"{file.parent.name.lower()}/{name}"
        if "qrel" in about and name.endswith((".tsv", ".txt", ".trec")):
            judgements.append(file)
        elif name.endswith((".jsonl", ".tsv")) and ("quer" in name or "topic" in name):
            topics.append(file)
        elif name.endswith(".jsonl"):
            corpora.append(file)
    kinds = (corpora, "corpus.jsonl"), (topics, "queries.jsonl (or topics….tsv)"), (judgements, "qrels/….tsv")
    missing = [f"there is no {wanted}" for found, wanted in kinds if not found]
    if missing:
        named = ", ".join(map(str, sources))
        raise QuestionSetError(named, missing, "Name a folder in BEIR's form, or the files one by one.")
    return corpora, topics, judgements


def _files(sources: Sequence[Path]) -> Iterable[Path]:
    for source in sources:
        if source.is_dir():
            yield from sorted(file for file in source.rglob("*") if file.is_file())
        elif source.exists():
            yield source
        else:
            raise QuestionSetError(source, ["there is no such file"], "Name a file that is there.")


def _corpus(files: Sequence[Path], left_out: Counter[str]) -> tuple[dict[str, str], dict[str, str]]:
    """-> (texts by file stem, file stems by document id)."""
    documents: dict[str, str] = {}
    stems: dict[str, str] = {}
    names = Names()
    for file in files:
        problems = Problems(file)
        for record in read_json_lines(file):
            identifier = problems.text(record.place, record.data, "_id", "docid", "id", required=True)
            if identifier is None:
                continue
            if identifier in stems:
                problems.add(record.place, f"the document {identifier!r} is there already")
                continue
            title = problems.text(record.place, record.data, "title")
            text = problems.text(record.place, record.data, "text", "contents")
            if text is None:
                left_out[NO_TEXT] += 1
                continue
            if len(stems) == MAX_DOCUMENTS:
                problems.add(record.place, f"more than {MAX_DOCUMENTS:,} documents; cut the corpus first")
                break
            stems[identifier] = names.stem(identifier)
            documents[stems[identifier]] = f"{title}\n\n{text}\n" if title else f"{text}\n"
        problems.finish()
    return documents, stems


def _queries(files: Sequence[Path]) -> dict[str, str]:
    queries: dict[str, str] = {}
    for file in files:
        problems = Problems(file)
        for place, identifier, text in _query_rows(file, problems):
            if queries.setdefault(identifier, text) != text:
                problems.add(place, f"the query {identifier!r} is there already, with another text")
        problems.finish()
    return queries


def _query_rows(file: Path, problems: Problems) -> Iterable[tuple[str, str, str]]:
    if ".tsv" not in file.name.lower():
        seen: set[str] = set()
        for record in read_json_lines(file):
            identifier = problems.text(record.place, record.data, "_id", "query_id", "id", required=True)
            text = problems.text(record.place, record.data, "text", "query", required=True)
            if identifier in seen:
                problems.add(record.place, f"the query {identifier!r} is there already")
            elif identifier is not None and text is not None:
                seen.add(identifier)
                yield record.place, identifier, text
        return
    for place, line in read_lines(file):
        identifier, _, text = line.partition("\t")
        if identifier.strip() and text.strip():
            yield place, identifier.strip(), text.strip()
        else:
            problems.add(place, "an id, a tab and a question are expected")


def _judged(file: Path, problems: Problems) -> Iterable[tuple[str, str, str, float]]:
    """(place, query, document, relevance) of each line; a first line without a number is a heading."""
    for at, (place, line) in enumerate(read_lines(file)):
        cells = line.split("\t") if "\t" in line else line.split()
        cells = [cell.strip() for cell in cells]
        try:
            if len(cells) not in (3, 4):
                raise ValueError
            score = float(cells[-1])
        except ValueError:
            if at:
                problems.add(place, "a query, a document and a number are expected")
            continue
        yield place, cells[0], cells[-2], score
