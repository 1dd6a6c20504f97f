"""What this machine computes with, found out without importing torch."""

from __future__ import annotations

import importlib.util
import os
import platform
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
GPU_DEVICES = (Path("/dev/nvidiactl"), Path("/dev/dxg"))
"""Where a driver shows an NVIDIA GPU: on Linux, and on Linux inside Windows."""


def threads() -> int:
    """The cores that this process may use: threads beyond them cost minutes, so the affinity mask counts."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def multiplies_bytes(cpuinfo: Path = CPUINFO) -> bool:
    """Whether the processor adds up products of bytes in one instruction.

    One without them (x86 before 2018) is slower that way than with float32, and its 16-bit sums overflow.
    """
    if platform.machine().lower() in ("arm64", "aarch64"):
        return platform.system() == "Darwin" or "asimddp" in _flags(cpuinfo)
    return bool({"avx512_vnni", "avx_vnni"} & _flags(cpuinfo))


def torch_with_gpu() -> bool:
    """Whether a GPU is here and torch was built for it; torch itself has the last word."""
    spec = importlib.util.find_spec("torch")
    folders = (spec.submodule_search_locations or []) if spec else []
    built = any((Path(folder) / "lib" / "libtorch_cuda.so").is_file() for folder in folders)
    return built and any(device.exists() for device in GPU_DEVICES)


def _flags(cpuinfo: Path) -> set[str]:
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    return next((set(line.split()) for line in lines if line.lower().startswith(("flags", "features"))), set())
