"""A bounded memory of what was computed: the entries that were used last, in all no heavier than allowed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def _one(_: object) -> int:
    return 1


class LruCache(Generic[Key, Value]):
    """Keys and values, the least recently used of which go first; threads may share it.

    For what `functools.lru_cache` cannot remember: what is computed of several keys at once, is kept only if it went
    well, or weighs more than its neighbour. Nothing is computed under its lock.
    """

    def __init__(self, most: int, weigh: Callable[[Value], int] = _one) -> None:
        """`most` is what all values may weigh together, by default how many there may be; the newest always stays."""
        self._most = most
        self._weigh = weigh
        self._entries: OrderedDict[Key, Value] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    @property
    def weight(self) -> int:
        """What all values weigh together."""
        return self._weight

    def get(self, key: Key) -> Value | None:
        """The value of `key`, None where there is none."""
        return self.known([key]).get(key)

    def known(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """The values of those of `keys` that have one, None among them; they count as used now."""
        with self._lock:
            found = {key: self._entries[key] for key in keys if key in self._entries}
            for key in found:
                self._entries.move_to_end(key)
            return found

    def put(self, key: Key, value: Value) -> None:
        """Remembers a value, and forgets what has not been used for longest until the rest is light enough."""
        with self._lock:
            if key in self._entries:
                self._weight -= self._weigh(self._entries[key])
            self._entries[key] = value
            self._entries.move_to_end(key)
            self._weight += self._weigh(value)
            while self._weight > self._most and len(self._entries) > 1:
                _, forgotten = self._entries.popitem(last=False)
                self._weight -= self._weigh(forgotten)
