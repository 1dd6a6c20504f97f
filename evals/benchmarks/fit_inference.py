"""Trains the network that judges whether a source says what a statement says (`rag.grounding.inference`).

    python -m evals.benchmarks.fit_inference [--epochs N] [--networks N] [--folds N] [--json FILE] [--write]
        [--go-on FILE] [--hold FILE ...] [--seed N]

trains on `evals/grounding/inference/` and on the development pairs of `evals/grounding/dev.jsonl`. It prints what the
network reaches on texts of writers whose texts it was not trained on (folds by file), and on two blind tests, with the
weights in force or, with `--write`, with new ones of all the data, which it puts in their place. `--json` writes the
probabilities out of fold, or of the files held out, from which `fit_support` fits how they count beside the hard
checks. An epoch of everything takes from two to ten minutes on two cores, by their kind.

The weights in force were trained in steps: three epochs on the files up to w30, then
`--go-on w31 --hold w36 w41 --folds 0 --epochs 1 --write`, and the same again with `--seed 200`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch.nn import functional

from evals.benchmarks.inference_network import Batch, Network, batch_of, saved
from rag.analysis import fold, is_stop_word, stem, stems
from rag.embedded_model import PASSAGE_PROMPT, QUERY_PROMPT
from rag.embedding import InnerStates
from rag.encoders import open_encoder
from rag.grounding import inference
from rag.grounding.findings import Source
from rag.onnx_encoder import OnnxEncoder
from rag.sentences import split_sentences
from rag.settings import load_settings

FOLDER = Path(__file__).parents[1] / "grounding"
TESTS = ("inference-test", "inference-close-test")
"""The second: right statements that stay close to their source, beside the same with one word changed."""
VERDICTS = ("supported", "absent", "contradicted")
SAYS_OTHERWISE = frozenset({"number", "date", "name", "negation", "quote"})
"""Kinds of wrong development pairs whose source says something else of the same thing."""

COPIED = 0.5
"""Share of the copies of sources that an epoch sees."""
LEAST_WORDS = 4
_JOINED = re.compile(r", and (?=\w)|، و(?=\w)")
EARLIER = 1 / 3
"""Share of the earlier examples that are seen again when a network learns from new ones."""
MUTATED = 0.3
"""Share of the mutations that an epoch sees."""
_WORD = re.compile(r"(?<!\w)(?:[a-z]{4,}|[\u0620-\u064a]{4,})(?!\w)")
_DIGITS = re.compile(r"[0-9٠-٩]")
_OTHER_DIGITS = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "٠١٢٣٤٥٦٧٨٩0123456789")

BATCH = 32
RATE = 1e-3
DECAY = 1e-2
SMOOTHING = 0.05
ELSEWHERE = 0.2
"""So many more pairs, of a text and another text's source, which says nothing of it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A statement (task 0) or a question (task 1), its source, and which of the task's labels is right."""

    id: str
    file: str
    text: str
    language: str
    source: Source
    task: int
    label: int
    kind: str
    """What is wrong, "" where nothing is."""

    @property
    def across(self) -> bool:
        """Whether the source is in another language."""
        return self.language != self.source.language


def load_examples(path: Path) -> list[Example]:
    """The statements and questions of a JSONL file: a line a source, or a line a pair."""
    found: list[Example] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        published = date.fromisoformat(row["published"]) if row["published"] else None
        source = Source(row["source"], row["source_language"], published)
        if "statement" in row:
            kind = "" if row["supported"] else row["error"]
            label = 0 if row["supported"] else 2 if kind in SAYS_OTHERWISE else 1
            found.append(
                Example(row["id"], path.stem, row["statement"], row["statement_language"], source, 0, label, kind)
            )
            continue
        for number, one in enumerate(row["statements"], 1):
            label = VERDICTS.index(one["v"])
            name = f"{row['id']}-s{number}"
            found.append(Example(name, path.stem, one["t"], one["l"], source, 0, label, one.get("e", "")))
        for number, one in enumerate(row["questions"], 1):
            kind = "" if one["a"] else "unanswered"
            name = f"{row['id']}-q{number}"
            found.append(Example(name, path.stem, one["q"], one["l"], source, 1, int(not one["a"]), kind))
    return found


def copies(examples: Iterable[Example]) -> list[Example]:
    """What each source says in its own words: its sentences, two in a row, the first of two joined clauses.

    The writers' statements are all in other words; without these, a network takes the closeness of a copy for the mark
    of a statement that was made wrong by one word.
    """
    found: list[Example] = []
    for source in dict.fromkeys(one.source for one in examples if one.task == 0):
        spans = [span for span in split_sentences(source.text, source.language) if span.kind != "heading"]
        sentences = [source.text[span.start : span.end] for span in spans]
        texts = sentences + [f"{one} {other}" for one, other in itertools.pairwise(sentences)]
        texts += [_JOINED.split(sentence)[0] for sentence in sentences if _JOINED.search(sentence)]
        texts += [sentence.translate(_OTHER_DIGITS) for sentence in sentences if _DIGITS.search(sentence)]
        for text in dict.fromkeys(texts):
            if len(text.split()) >= LEAST_WORDS:
                found.append(Example(f"copy {len(found)}", "copies", text, source.language, source, 0, 0, ""))
    return found


def mutations(examples: Sequence[Example]) -> list[Example]:
    """Right statements with one word put in another's place: the network must look at every word, however close.

    The other word comes from another statement, ends (and in Arabic begins) alike, and is nowhere in the source.
    """
    chance = random.Random(1)  # noqa: S311 - a choice of words is no secret
    right = [one for one in examples if one.task == 0 and one.label == 0]
    known: dict[tuple[str, str], list[str]] = {}
    for one in right:
        for word in _WORD.findall(one.text):
            known.setdefault(_shape(word, one.language), []).append(word)
    found: list[Example] = []
    for one in right:
        places = [match for match in _WORD.finditer(one.text) if not is_stop_word(fold(match[0]))]
        if not places:
            continue
        place = chance.choice(places)
        other = chance.choice(known[_shape(place[0], one.language)])
        if is_stop_word(fold(other)) or stem(fold(other)) in stems(f"{one.source.text} {one.text}"):
            continue
        text = f"{one.text[: place.start()]}{other}{one.text[place.end() :]}"
        found.append(replace(one, id=f"mutation of {one.id}", text=text, label=2, kind="other"))
    return found


def _shape(word: str, language: str) -> tuple[str, str]:
    return (word[:2] if language == "ar" else "", word[-2:])


def newer(examples: Iterable[Example], first: str) -> list[Example]:
    """Those of the file `first` and later ones (their names in order), and a third of the others."""
    chance = random.Random(2)  # noqa: S311 - a sample is no secret
    return [one for one in examples if one.file >= first or chance.random() < EARLIER]


class StatesOf:
    """The inner states of every text, computed once and kept in float16."""

    def __init__(self, encoder: OnnxEncoder, examples: Iterable[Example]) -> None:
        texts = {(QUERY_PROMPT, one.text) for one in examples} | {(PASSAGE_PROMPT, one.source.text) for one in examples}
        self._known: dict[tuple[str, str], InnerStates] = {}

        def read(key: tuple[str, str]) -> InnerStates:
            found = encoder.inner_states(*key)
            return InnerStates(found.tokens, found.states.astype(np.float16))

        order = sorted(texts)
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # a text is read by one thread
            for key, states in track(zip(order, pool.map(read, order), strict=True), "reading", len(order)):
                self._known[key] = states

    def batch(self, examples: Sequence[Example]) -> Batch:
        """Examples of one task side by side."""
        return batch_of(
            [self._known[QUERY_PROMPT, one.text] for one in examples],
            [self._known[PASSAGE_PROMPT, one.source.text] for one in examples],
            [one.across for one in examples],
            examples[0].task,
        )


def batches(examples: Sequence[Example], chance: random.Random | None = None) -> Iterator[list[Example]]:
    """Batches of one task each, of sources of like length; in another order each time with `chance`."""
    order = list(examples)
    if chance:
        chance.shuffle(order)
    cut: list[list[Example]] = []
    for task in (0, 1):
        mine = [one for one in order if one.task == task]
        for begin in range(0, len(mine), 16 * BATCH):
            stretch = sorted(mine[begin : begin + 16 * BATCH], key=lambda one: len(one.source.text))
            cut += [stretch[at : at + BATCH] for at in range(0, len(stretch), BATCH)]
    if chance:
        chance.shuffle(cut)
    yield from cut


def train(
    examples: Sequence[Example],
    mutated: Sequence[Example],
    states: StatesOf,
    epochs: int,
    seed: int,
    begin: inference.Weights | None = None,
) -> Network:
    """A network trained on `examples`, their copies and some of the `mutated`; on from `begin` at half the rate."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - an order of batches is no secret
    network = Network()
    if begin is not None:
        network.load_state_dict({name: torch.from_numpy(value) for name, value in begin.items()})
    rate = RATE if begin is None else RATE / 2
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=DECAY)
    same = copies(examples)
    each = len(examples) + int(COPIED * len(same)) + int(MUTATED * len(mutated))
    steps = epochs * (int(each * (1 + ELSEWHERE)) // BATCH + 2)
    step = 0
    sources = [one.source for one in examples]
    for _ in range(epochs):
        network.train()
        seen = [*examples, *chance.sample(same, int(COPIED * len(same)))]
        seen += chance.sample(mutated, int(MUTATED * len(mutated)))
        strange = [
            replace(one, source=other, label=1)
            for one in chance.sample(seen, int(ELSEWHERE * len(seen)))
            if (other := chance.choice(sources)) is not one.source
        ]
        for batch in track(list(batches([*seen, *strange], chance)), f"training, seed {seed}"):
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1, (step + 1) / (0.05 * steps)) * max(0.02, 1 - step / steps)
            truth = torch.tensor([one.label for one in batch])
            loss = functional.cross_entropy(network(states.batch(batch)), truth, label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
    return network.eval()


def predict(networks: Sequence[Network], examples: Sequence[Example], states: StatesOf) -> dict[str, list[float]]:
    """The probabilities of each example's labels, by its id."""
    found: dict[str, list[float]] = {}
    with torch.no_grad():
        for batch in batches(examples):
            inputs = states.batch(batch)
            rows = torch.stack([network(inputs).softmax(1) for network in networks]).mean(0)
            found |= {one.id: row.tolist() for one, row in zip(batch, rows, strict=True)}
    return found


def report(name: str, examples: Sequence[Example], found: dict[str, list[float]]) -> str:
    """AUC by direction, and the share of wrong ones caught where a tenth of the right ones are refused, by kind."""
    from sklearn.metrics import roc_auc_score

    lines = []
    for task, what in enumerate(("statements", "questions")):
        mine = [one for one in examples if one.task == task]
        if not mine:
            continue
        right = np.array([one.label == 0 for one in mine])
        scores = np.array([found[one.id][0] for one in mine])
        least = float(np.quantile(scores[right], 0.1))
        caught = {
            kind: float(np.mean([found[one.id][0] < least for one in mine if one.kind == kind]))
            for kind in sorted({one.kind for one in mine if one.kind})
        }
        directions = []
        for own in ("ar", "en"):
            for other in ("ar", "en"):
                there = np.array([(one.language, one.source.language) == (own, other) for one in mine])
                directions.append(f"{own}→{other} {roc_auc_score(right[there], scores[there]):.3f}")
        lines.append(f"{name}, {len(mine)} {what}: AUC {roc_auc_score(right, scores):.3f} ({', '.join(directions)})")
        kinds = ", ".join(f"{kind} {share:.2f}" for kind, share in caught.items())
        lines.append(
            f"  caught where .10 of the right ones are refused: {np.mean(scores[~right] < least):.2f} ({kinds})"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--networks", type=int, default=2, help="of which the ensemble in force is made")
    parser.add_argument("--folds", type=int, default=3, help="0: nothing is measured out of fold")
    parser.add_argument("--json", type=Path, help="where the probabilities out of fold, or held out, are written")
    parser.add_argument("--seed", type=int, default=100, help="of the first network that is written")
    parser.add_argument(
        "--go-on",
        metavar="FILE",
        help="go on from the weights in force, on this file and later ones and a third of others",
    )
    parser.add_argument(
        "--hold",
        nargs="*",
        default=[],
        metavar="FILE",
        help="files that are only tested on, and the validation file too",
    )
    parser.add_argument("--write", action="store_true", help="train on everything and put the weights in force")
    given = parser.parse_args()
    paths = [*sorted((FOLDER / "inference").glob("*.jsonl")), FOLDER / "dev.jsonl"]
    examples = [one for path in paths for one in load_examples(path)]
    tests = {name: load_examples(FOLDER / f"{name}.jsonl") for name in TESTS}
    encoder = open_encoder(load_settings())
    if not isinstance(encoder, OnnxEncoder):
        parser.error("the bundled embedding model on ONNX Runtime is wanted: unset TAWTHIQ_EMBEDDING_MODEL")
    held_out = [FOLDER / "inference-validation.jsonl", *(path for path in paths if path.stem in given.hold)]
    unseen = [one for path in held_out for one in load_examples(path)] if given.hold else []
    examples = [one for one in examples if one.file not in given.hold]
    if given.go_on:
        examples = newer(examples, given.go_on)
    wrong = mutations(examples)
    states = StatesOf(encoder, [*examples, *copies(examples), *wrong, *unseen, *itertools.chain(*tests.values())])
    found: dict[str, list[float]] = {}
    for part in range(given.folds):
        held = {path.stem for path in paths[part :: given.folds]}
        kept, strange = ([one for one in some if one.file not in held] for some in (examples, wrong))
        network = train(kept, strange, states, given.epochs, seed=part)
        found |= predict([network], [one for one in examples if one.file in held], states)
        if given.json:
            given.json.write_text(json.dumps(found), encoding="utf-8")
    if found:
        print(report("out of fold", examples, found), flush=True)
    if given.write:
        begin = inference.bundled_weights() if given.go_on else [None] * given.networks
        networks = [
            train(examples, wrong, states, given.epochs, seed=given.seed + number, begin=weights)
            for number, weights in enumerate(begin)
        ]
        if unseen:
            found |= predict(networks, unseen, states)
            print(report("held out, new weights", unseen, found))
            if given.json:
                given.json.write_text(json.dumps(found), encoding="utf-8")
        for name, test in tests.items():
            print(report(f"{name}, new weights", test, predict(networks, test, states)))
        arrays = saved([network.weights() for network in networks])
        target = Path(inference.__file__).with_name(inference.FILE)
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".npz", delete=False) as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        Path(file.name).chmod(0o644)
        Path(file.name).replace(target)
        inference.bundled_weights.cache_clear()
    model = inference.InferenceModel(encoder)
    for name, test in tests.items():
        read = {
            one.id: list(model.infer(one.text, one.language, [one.source]))
            if one.task == 0
            else [model.answered(one.text, one.language, one.source)]
            for one in test
        }
        print(report(f"{name}, weights in force", test, read))


if __name__ == "__main__":
    main()
