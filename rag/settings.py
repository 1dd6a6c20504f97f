"""Every setting, in one class: environment (`TAWTHIQ_…`), then a TOML file, then the defaults below."""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

PREFIX = "TAWTHIQ_"
CONFIG_VARIABLE = "TAWTHIQ_CONFIG"

Grounding = Literal["remove", "mark", "show", "off"]
"""What becomes of a model's statements that its sources do not bear out; "off" checks nothing."""

NO_NLI = ("bundled", "embedding", "llm")
"""The judges of meaning (`support_judge`) that are no NLI model of their own."""

Tracing = Literal["off", "langsmith", "opentelemetry"]
"""Where a trace of each answer goes."""


class Settings(BaseSettings):
    """Tawthiq's settings. Each is an environment variable: `max_document_chars` is `TAWTHIQ_MAX_DOCUMENT_CHARS`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("tawthiq", appauthor=False)),
        description="Folder of the catalogue and the indexes.",
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("tawthiq", appauthor=False)),
        description="Folder where the embedding model is unpacked once.",
    )
    embedding_model: str = Field(
        default="bundled",
        description="`bundled` (multilingual-e5-small), or any sentence-transformers model: a folder or a hub name.",
    )
    embedding_backend: Literal["auto", "onnx", "onnx-q4", "onnx-int8", "torch"] = Field(
        default="auto",
        description="What runs the bundled model: `onnx` (no torch needed), in 4-bit blocks (`onnx-q4`: answers that "
        "differ least between machines) or bytes (`onnx-int8`), whichever is faster here unless named; or `torch`.",
    )
    query_prompt: str | None = Field(
        default=None, description="Text put before a query; by default what the embedding model declares."
    )
    passage_prompt: str | None = Field(
        default=None, description="Text put before a passage; by default what the embedding model declares."
    )
    threads: int = Field(default=0, ge=0, description="Threads for embedding; 0: as many as there are cores.")
    reranker: str | None = Field(
        default=None, description="A sentence-transformers CrossEncoder that reorders passages: a folder or a hub name."
    )
    max_document_chars: int = Field(default=5_000_000, ge=1, description="Longer documents are refused.")
    llm_model: str | None = Field(
        default=None, description="Language model, `provider:name`; no known provider before the colon means openai."
    )
    llm_timeout: float = Field(default=60.0, gt=0, description="Seconds to wait for the language model.")
    llm_max_tokens: int = Field(
        default=700, ge=16, description="Longest answer asked of the language model, in tokens."
    )
    llm_context_tokens: int = Field(
        default=4096,
        ge=512,
        description="Context of the language model, in tokens; passages that it has no room for are left out, whole.",
    )
    llm_input_price: float | None = Field(
        default=None, ge=0, description="Price of a million tokens that the language model reads; for the cost."
    )
    llm_output_price: float | None = Field(
        default=None, ge=0, description="Price of a million tokens that the language model writes; for the cost."
    )
    llm_currency: str = Field(default="USD", description="Currency of these prices.")
    translation_timeout: float = Field(
        default=3.0,
        ge=0,
        description="Seconds that a question waits for its translation by the language model; 0: it asks for none.",
    )
    quote_translation_timeout: float = Field(
        default=15.0,
        ge=0,
        description="Seconds that an answer waits for the unofficial translation of its quotes; 0: it asks for none.",
    )
    grounding: Grounding = Field(
        default="remove",
        description="What becomes of a model's unsupported sentences: `remove`, `mark`, `show`; `off` checks nothing.",
    )
    support_judge: str = Field(
        default="bundled",
        description="What judges meaning in grounding: `bundled`, a small network; `embedding`, vectors and words "
        "alone; `llm`, the language model; or an NLI CrossEncoder: a folder or a hub name.",
    )
    answer_threshold: float = Field(
        default=0.5, ge=0, le=1, description="Below this probability that the documents answer, the answer is silence."
    )
    tracing: Tracing = Field(
        default="off",
        description="Where each answer's steps, times and counts are sent: `off`, `langsmith`, `opentelemetry`.",
    )
    tracing_content: bool = Field(
        default=False, description="Whether traces also hold questions, passages, prompts and answers."
    )
    password: SecretStr | None = Field(
        default=None, min_length=8, description="What visitors of `serve` must know; none: whoever reaches it may ask."
    )
    web_editing: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="Whether visitors of `serve` may add and remove documents: `auto`, on this machine alone; `on`, "
        "from elsewhere too, with the password; `off`.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(default=7860, ge=0, le=65535, description="Port that `serve` listens on; 0: any free one.")


def load_settings(config: Path | None = None, **overrides: Any) -> Settings:
    """The settings in force: `overrides` (those not None), then the environment, then the TOML file, then defaults.

    The file is `config`, else the one that `TAWTHIQ_CONFIG` names. Raises SettingsError, naming the nearest known
    setting, on an unknown key in either place and on an invalid value.
    """
    values = {key: value for key, value in overrides.items() if value is not None}
    named = config or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    _check_names(
        [name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() != CONFIG_VARIABLE],
        "environment variable",
        prefix=PREFIX,
    )
    if named is not None:
        from_file = _read_toml(named)
        environment = {name.upper(): value for name, value in os.environ.items()}  # their case does not matter
        _check_names(list(from_file), "setting", where=f" in {named}")
        for key, value in from_file.items():
            if key not in values and not environment.get(PREFIX + key.upper()):
                values[key] = value
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        given = "what it is" if name == "password" else repr(first["input"])
        raise SettingsError(
            f"The setting {name} ({PREFIX}{name.upper()}) cannot be {given}: {first['msg']}.",
            "Correct it and try again.",
        ) from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise SettingsError(
            f"The settings file {path} cannot be read: {reason}.", "Correct it or name another."
        ) from None


def _check_names(names: list[str], kind: str, *, prefix: str = "", where: str = "") -> None:
    known = {prefix + (field.upper() if prefix else field) for field in Settings.model_fields}
    for name in names:
        if (name.upper() if prefix else name) not in known:
            nearest = difflib.get_close_matches(name.upper() if prefix else name, known, n=1, cutoff=0)
            raise SettingsError(f"Unknown {kind} {name}{where}.", f"The nearest known one is {nearest[0]}.")
