"""Tawthiq's engine: documents in, answers with verifiable citations out. `from rag import Engine` is where to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.claims.verdicts import Verdict as Verdict
    from rag.engine import Engine as Engine
    from rag.types import Answer as Answer
    from rag.types import Filters as Filters
    from rag.verification.verify import Verification as Verification

__all__ = ["Answer", "Engine", "Filters", "Verdict", "Verification"]


def __getattr__(name: str) -> object:
    # Lazy, so that `import rag.types` in a client does not load the engine.
    if name == "Engine":
        from rag.engine import Engine

        return Engine
    if name in ("Answer", "Filters"):
        import rag.types

        return getattr(rag.types, name)
    if name == "Verdict":
        from rag.claims.verdicts import Verdict

        return Verdict
    if name == "Verification":
        from rag.verification.verify import Verification

        return Verification
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
