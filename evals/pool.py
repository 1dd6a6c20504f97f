"""Work done several pieces at a time, by threads that can be left behind: none of them keeps a command from ending."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

GRACE_SECONDS = 1.0
"""How long a run that is stopped waits for what is being asked; an answer of quotes takes a fraction of it."""


class Stopped(Exception):
    """Work that was given up because it was told to stop."""


class Pool(Generic[Item, Result]):
    """What `work(item, stop)` makes of `items`, `parallel` at a time, in the order in which they are done.

    To be iterated once; what `work` raises is raised there. One at a time is done in the thread that iterates. Else
    the threads are daemons (a ThreadPoolExecutor's are waited for when the process ends, and a language model's answer
    may take minutes).
    """

    def __init__(self, work: Callable[[Item, threading.Event], Result], items: Sequence[Item], parallel: int) -> None:
        self._work = work
        self._items = items
        self._waiting = deque(items)
        self._done: queue.SimpleQueue[tuple[Result] | BaseException] = queue.SimpleQueue()
        self._stop = threading.Event()
        count = min(parallel, len(items)) if parallel > 1 else 0
        self._threads = [threading.Thread(target=self._run, name=f"pool-{n}", daemon=True) for n in range(count)]

    def __iter__(self) -> Iterator[Result]:
        if not self._threads:
            for item in self._items:
                yield self._work(item, self._stop)
            return
        for thread in self._threads:
            thread.start()
        for _ in self._items:
            found = self._done.get()
            if isinstance(found, BaseException):
                raise found
            yield found[0]

    def stop(self, grace: float = GRACE_SECONDS) -> list[Result]:
        """Begins nothing more; what is done, or will be in `grace` seconds, and was not yielded. Nothing at the end."""
        self._stop.set()
        until = time.monotonic() + grace
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))
        found = []
        while not self._done.empty():
            one = self._done.get()
            if not isinstance(one, BaseException):
                found.append(one[0])
        return found

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                item = self._waiting.popleft()
            except IndexError:
                return
            try:
                self._done.put((self._work(item, self._stop),))
            except Stopped:
                return
            except BaseException as error:  # for the thread that iterates: there it ends the run
                self._done.put(error)
                return
