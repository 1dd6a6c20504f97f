"""A run as JUnit XML, which continuous integration shows: one test case for each case of the set.

The form is that of pytest and of Jenkins' JUnit plugin: testsuites, testsuite with counts, testcase with at most one of
failure, error and skipped. A failure is a scored miss (`evals.misses`), an error a failure of the engine, skipped what
was not asked or not scored. Times are seconds.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from xml.etree import ElementTree

from evals.misses import DESCRIPTIONS, misses, outcome
from evals.run_folder import RunFolder, ScoredCase

# XML 1.0 has no way to write these (https://www.w3.org/TR/xml/#charsets).
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME_CHARS = 160


def junit_report(run: RunFolder) -> str:
    """The whole document, in UTF-8."""
    about = run.summary.about
    name = _plain(about.get("question_set", {}).get("name") or "evaluation")
    outcomes = Counter(outcome(scored) for scored in run.cases)
    counts = {
        "tests": str(len(run.cases)),
        "failures": str(outcomes["wrong"]),
        "errors": str(outcomes["failed"]),
        "skipped": str(outcomes["skipped"]),
        "time": _seconds(sum(scored.case.elapsed_ms or 0 for scored in run.cases)),
    }
    root = ElementTree.Element("testsuites", {"name": "tawthiq eval", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": name, **counts, **_timestamp(about.get("started"))})
    properties = ElementTree.SubElement(suite, "properties")
    for key, value in (
        ("question_set.digest", about.get("question_set", {}).get("digest")),
        ("question_limit", about.get("question_limit")),
        ("mode", about.get("mode")),
        ("models.embedding", about.get("models", {}).get("embedding")),
        ("models.llm", about.get("models", {}).get("llm")),
        ("versions.tawthiq", about.get("versions", {}).get("tawthiq")),
    ):
        if value:
            ElementTree.SubElement(properties, "property", {"name": key, "value": _plain(str(value))})
    for scored in run.cases:
        _add(suite, scored, name)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add(suite: ElementTree.Element, scored: ScoredCase, name: str) -> None:
    case = scored.case
    element = ElementTree.SubElement(
        suite,
        "testcase",
        {
            # Jenkins takes what stands before the last full stop for the package.
            "classname": f"{name.replace('.', '_')}.{_plain(case.direction)}",
            "name": _plain(f"{case.question.id}: {case.question.question}")[:_NAME_CHARS],
            "time": _seconds(case.elapsed_ms or 0),
        },
    )
    match outcome(scored):
        case "failed":
            error = _plain(case.error or "the engine failed")
            ElementTree.SubElement(element, "error", {"message": error, "type": "EngineFailure"}).text = error
        case "skipped":
            ElementTree.SubElement(element, "skipped", {"message": _plain(case.error or "nothing could be scored")})
        case "wrong":
            found = misses(scored.scores)
            failure = ElementTree.SubElement(
                element,
                "failure",
                {"message": "; ".join(DESCRIPTIONS[miss] for miss in found), "type": " ".join(found)},
            )
            failure.text = _details(scored)
        case _:
            pass


def _details(scored: ScoredCase) -> str:
    """What a person needs to understand a miss without opening anything else."""
    case, question = scored.case, scored.case.question
    lines = [f"question: {question.question}"]
    lines += [f"expected answer: {answer}" for answer in question.answers]
    lines += [f"expected document: {document}" for document in question.documents]
    if case.answer is not None:
        lines.append(f"status: {case.answer.status}")
        lines += [f"quote [{c.number}] {c.title} ({c.start}-{c.end}): {c.quote}" for c in case.answer.citations]
    lines += [f"{name}: {value:.3f}" for name, value in scored.scores.items() if value is not None]
    return "\n".join(_plain(line) for line in lines)


def _plain(value: object) -> str:
    """One line, without what XML cannot carry."""
    return " ".join(_UNWRITABLE.sub(" ", str(value)).split())


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"


def _timestamp(started: object) -> dict[str, str]:
    """ISO 8601 without an offset, as the form has it, in UTC; nothing where the run does not say."""
    try:
        moment = datetime.fromisoformat(str(started))
    except ValueError:
        return {}
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return {"timestamp": moment.replace(tzinfo=None).isoformat(timespec="seconds")}
