"""Opening a sentence-transformers CrossEncoder that a setting names: a folder, or a name on a hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.settings import Settings


def open_cross_encoder(name: str, settings: Settings, role: str, hint: str) -> Any:
    """The `CrossEncoder` of that name, on the GPU where there is one. Nothing is fetched for a folder.

    Raises ModelError: the `role` of that name cannot be loaded, and the `hint` what to do.
    """
    import torch
    from sentence_transformers import CrossEncoder

    from rag.embedding import threads

    torch.set_num_threads(threads(settings))
    folder = Path(name).expanduser()
    local = folder.is_dir()
    if not local and name.startswith(("/", "~", ".")):  # a path: no hub has it, and asking one takes a minute
        raise ModelError(f"The {role} {name} cannot be loaded: there is no such folder.", hint)
    try:
        return CrossEncoder(str(folder) if local else name, local_files_only=local)
    except Exception as error:
        reason = str(error).strip().split("\n")[0]
        raise ModelError(f"The {role} {name} cannot be loaded: {reason.rstrip('.')}.", hint) from error
