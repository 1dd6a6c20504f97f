"""Meaning judged by a CrossEncoder that was trained on natural language inference (NLI): premise, then hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.cross_encoder import open_cross_encoder
from rag.errors import ModelError
from rag.grounding.findings import Source
from rag.grounding.verdict import ENOUGH, Reading
from rag.sentences import split_sentences
from rag.settings import Settings

LEAST_PREMISE_TOKENS = 32
"""A statement may leave less room than this; then it is cut, not the premise."""

_HINT = (
    "Set TAWTHIQ_SUPPORT_JUDGE to `embedding`, to `llm`, or to an NLI cross-encoder's folder or name on a hub, such as "
    "MoritzLaurer/mDeBERTa-v3-base-mnli-xnli."
)
_LABELS = ("entail", "neutral", "contradict")


class EntailmentModel:
    """Any sentence-transformers CrossEncoder whose three labels are entailment, neutral and contradiction."""

    def __init__(self, name: str, settings: Settings) -> None:
        """Loads the model `name`, a folder or a hub name. Raises ModelError."""
        self._model: Any = open_cross_encoder(name, settings, "support judge", _HINT)
        labels = {int(number): str(label) for number, label in self._model.config.id2label.items()}
        places = [
            [number for number, label in labels.items() if label.strip().lower().startswith(known)] for known in _LABELS
        ]
        if len(labels) != len(_LABELS) or any(len(found) != 1 for found in places):
            said = ", ".join(labels[number] for number in sorted(labels)[:5])
            raise ModelError(
                f"{name} is no NLI model: its labels ({said}) are not entailment, neutral and contradiction.", _HINT
            )
        (self._entailment,), _, (self._contradiction,) = places
        self.name = name

    def __call__(self, statement: str, language: str, sources: Sequence[Source]) -> Reading:
        """How probable it is that one of the sources entails `statement`, or all together do.

        Contradicted: the model finds a contradiction somewhere and an entailment nowhere. A source that is longer than
        the model reads at once is read in stretches of whole sentences.
        """
        whole = "\n".join(source.text for source in sources)
        premises = [stretch for source in sources for stretch in self._stretches(source, statement)]
        if len(sources) > 1 and self._tokens(whole) <= self._room(statement):
            premises.append(whole)
        pairs = [(premise, statement) for premise in premises]
        rows = self._model.predict(pairs, apply_softmax=True, show_progress_bar=False)
        probability = float(rows[:, self._entailment].max())
        contradiction = float(rows[:, self._contradiction].max())
        return Reading(probability, contradicted=contradiction >= ENOUGH > probability)

    def _stretches(self, source: Source, statement: str) -> list[str]:
        """The source whole where it fits beside the statement, else in stretches that do; each overlaps the next."""
        room = self._room(statement)
        if self._tokens(source.text) <= room:
            return [source.text]
        spans = split_sentences(source.text, source.language)
        lengths = [self._tokens(source.text[span.start : span.end]) for span in spans]
        stretches = []
        begin = 0
        while begin < len(spans):
            end, used = begin + 1, lengths[begin]
            while end < len(spans) and used + lengths[end] <= room:
                used += lengths[end]
                end += 1
            stretches.append(source.text[spans[begin].start : spans[end - 1].end])
            if end == len(spans):
                break
            begin = max(begin + 1, end - 1)  # the next begins with this one's last sentence
        return stretches or [source.text]

    def _room(self, statement: str) -> int:
        """Tokens that a premise may have beside `statement`."""
        limit = self._model.max_seq_length or 512
        specials = int(self._model.tokenizer.num_special_tokens_to_add(pair=True))
        return max(LEAST_PREMISE_TOKENS, int(limit) - specials - self._tokens(statement))

    def _tokens(self, text: str) -> int:
        return len(self._model.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])
