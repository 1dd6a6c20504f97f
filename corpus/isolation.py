"""Reading a hostile file in a process of its own, which it may crash or use up; nothing else suffers.

The caller and the worker, a module of which `main` calls `answer`, share what is between them: a file in, JSON out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from corpus.errors import UnreadableSource

_SECONDS = 900
"""Of waiting; a worker gives itself less time of the processor."""


def read_isolated(worker: str, data: bytes, source: str, hint: str) -> dict[str, Any]:
    """What the module `worker` writes as JSON where it is given `data`. Raises UnreadableSource, with `hint`."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in sys.path)}  # noqa: PTH100
    try:
        done = subprocess.run(  # noqa: S603 - our own module, which gets the file as data
            [sys.executable, "-P", "-m", worker],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_SECONDS,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise UnreadableSource(
            f"{source} could not be read: it uses too much time or memory, or stops the reader.", hint, source=source
        ) from None
    return found


def answer(extract: Callable[[bytes], dict[str, Any]], memory: int, seconds: int) -> None:
    """What a worker does: `extract` of standard input, as JSON on standard output; `{"error": "memory"}` beyond it."""
    data = sys.stdin.buffer.read()
    _limit(memory, seconds)
    try:
        found = extract(data)
    except MemoryError:
        found = {"error": "memory"}
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=True).encode())


def _limit(memory: int, seconds: int) -> None:
    """Give this process no more than so many bytes of address space and seconds of the processor."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
