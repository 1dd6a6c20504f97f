"""Vectors of texts read as queries, each computed once and kept while it is in use.

Checks hold statements and claims against sentences as queries against queries, so that both stand on one footing; the
same sentences come up for claim after claim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.lru import LruCache

FloatArray = NDArray[np.float32]

KEPT = 4096
"""Vectors that are kept, the last used: some 6 MB."""


class QueryVectors:
    """`encode` (several texts to an array (texts, dimension)) with a memory; threads may share it."""

    def __init__(self, encode: Callable[[Sequence[str]], FloatArray], kept: int = KEPT) -> None:
        self._encode = encode
        self._known: LruCache[str, FloatArray] = LruCache(kept)

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """The vectors (texts, dimension) of `texts`, of which there must be one."""
        found = self._known.known(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found |= dict(zip(missing, self._encode(missing), strict=True))
        for text in dict.fromkeys(texts):
            self._known.put(text, found[text])
        return np.stack([found[text] for text in texts])
