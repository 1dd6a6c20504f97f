"""A sentence-transformers folder of a few kilobytes with random weights: any model at all, in no time."""

from __future__ import annotations

import string
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def write_tiny_model(folder: Path, pooling: Literal["mean", "cls"], seed: int = 0) -> Path:
    """Writes the model to `folder`: a BertModel of one layer and 32 dimensions over single letters.

    "mean" comes with a WordPiece tokenizer and prompts, "cls" with a Unigram tokenizer and none.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    bert = folder / "bert"
    BertModel(_config(_wordpiece() if pooling == "mean" else _unigram(), bert)).save_pretrained(bert)
    prompts = {"query": "q: ", "document": "p: "} if pooling == "mean" else {}
    model = SentenceTransformer(modules=[Transformer(str(bert)), Pooling(32, pooling)], prompts=prompts)
    model.save(str(folder / "model"))
    return folder / "model"


def write_tiny_cross_encoder(folder: Path, seed: int = 0) -> Path:
    """Writes a CrossEncoder of one score, as small, with random weights, to `folder`."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(seed)
    BertForSequenceClassification(_config(_wordpiece(), folder, num_labels=1)).save_pretrained(folder)
    return folder


def write_tiny_nli(folder: Path, labels: Sequence[str], says: str | None = None, seed: int = 0) -> Path:
    """Writes a CrossEncoder of these labels, as small, to `folder`; `says` is the label that it gives whatever it reads.

    Without `says` its weights are random.
    """
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(seed)
    named = {"id2label": dict(enumerate(labels)), "label2id": {label: n for n, label in enumerate(labels)}}
    model = BertForSequenceClassification(_config(_wordpiece(), folder, num_labels=len(labels), **named))
    if says is not None:
        with torch.no_grad():
            model.classifier.bias[labels.index(says)] = 10.0
    model.save_pretrained(folder)
    return folder


def _config(tokenizer, folder: Path, **more: object):
    """The configuration of a tiny Bert over `tokenizer`, which is written to `folder`."""
    from transformers import BertConfig, PreTrainedTokenizerFast

    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=128,
    ).save_pretrained(folder)
    return BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        **more,
    )


def _characters() -> list[str]:
    return list(dict.fromkeys(string.ascii_lowercase + string.digits + string.punctuation + ARABIC + "،؟؛«»"))


def _wordpiece():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    pieces = [*SPECIALS, *_characters(), *("##" + character for character in _characters())]
    tokenizer = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return _framed(tokenizer)


def _unigram():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    pieces = [*SPECIALS, "▁", *_characters()]
    tokenizer = Tokenizer(models.Unigram([(piece, -float(n)) for n, piece in enumerate(pieces)], unk_id=1))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return _framed(tokenizer)


def _framed(tokenizer):
    from tokenizers import processors

    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer
