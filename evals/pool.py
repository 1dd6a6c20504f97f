"""Cases asked several at a time, by threads that a run can leave behind: none of them keeps it from ending."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from evals.asking import Stopped
from evals.cases import Case

GRACE_SECONDS = 1.0
"""How long a run that is stopped waits for what is being asked; an answer of quotes takes a fraction of it."""

Ask = Callable[[Case, threading.Event], Case]


class CasePool:
    """`cases` as `ask` answers them, `parallel` at a time, in the order in which they are done: iterate once.

    One at a time is asked in the thread that iterates. Else the threads are daemons (a ThreadPoolExecutor's are waited
    for when the process ends, and a language model's answer may take minutes).
    """

    def __init__(self, ask: Ask, cases: Sequence[Case], parallel: int) -> None:
        self._ask = ask
        self._cases = cases
        self._waiting = deque(cases)
        self._done: queue.SimpleQueue[Case | BaseException] = queue.SimpleQueue()
        self._stop = threading.Event()
        count = min(parallel, len(cases)) if parallel > 1 else 0
        self._threads = [threading.Thread(target=self._work, name=f"asking-{n}", daemon=True) for n in range(count)]

    def __iter__(self) -> Iterator[Case]:
        if not self._threads:
            for case in self._cases:
                yield self._ask(case, self._stop)
            return
        for thread in self._threads:
            thread.start()
        for _ in self._cases:
            found = self._done.get()
            if isinstance(found, BaseException):
                raise found
            yield found

    def stop(self) -> list[Case]:
        """Asks nothing more; the cases that are done, or soon will be, and were not yielded. Nothing after the end."""
        self._stop.set()
        until = time.monotonic() + GRACE_SECONDS
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))
        found = []
        while not self._done.empty():
            case = self._done.get()
            if isinstance(case, Case):
                found.append(case)
        return found

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                case = self._waiting.popleft()
            except IndexError:
                return
            try:
                self._done.put(self._ask(case, self._stop))
            except Stopped:
                return
            except BaseException as error:  # for the thread that iterates: there it ends the run
                self._done.put(error)
                return
