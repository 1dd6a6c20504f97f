"""Vectors of texts read as queries, each computed once and kept while it is in use.

Checks hold statements and claims against sentences as queries against queries, so that both stand on one footing; the
same sentences come up for claim after claim.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

KEPT = 4096
"""Vectors that are kept, the last used: some 6 MB."""


class QueryVectors:
    """`encode` (several texts to an array (texts, dimension)) with a memory; threads may share it."""

    def __init__(self, encode: Callable[[Sequence[str]], FloatArray], kept: int = KEPT) -> None:
        self._encode = encode
        self._kept = kept
        self._known: OrderedDict[str, FloatArray] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """The vectors (texts, dimension) of `texts`, of which there must be one."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found |= dict(zip(missing, self._encode(missing), strict=True))
        with self._lock:
            for text in dict.fromkeys(texts):
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
        return np.stack([found[text] for text in texts])
