"""Several cases judged at a time, by threads that nobody has to wait for."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def several(work: Callable[[Item, threading.Event], Result], items: Sequence[Item], parallel: int) -> Iterator[Result]:
    """`work(item, stop)` of each item, `parallel` at a time, in the order in which they are done.

    The threads are daemons (a ThreadPoolExecutor's are waited for when the process ends, and a model's reply may take
    minutes). When the caller leaves early, `stop` is set and no further item is begun. What `work` raises is raised.
    """
    waiting = deque(items)
    done: queue.SimpleQueue[Result | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                item = waiting.popleft()
            except IndexError:
                return
            try:
                done.put(work(item, stop))
            except BaseException as error:  # for the thread that iterates: there it ends everything
                done.put(error)
                return

    try:
        for number in range(min(parallel, len(items))):
            threading.Thread(target=run, name=f"judging-{number}", daemon=True).start()
        for _ in items:
            found = done.get()
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stop.set()
