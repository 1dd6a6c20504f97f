"""The script of the page that adds and removes documents, with the texts that it shows."""

from __future__ import annotations

import json
from importlib.resources import files

from corpus.readers import suffixes
from ui import i18n

MOST_FILES = 500
"""Files that are taken at a time: with more, their lines would make the page slow."""

_TEXTS = ("adding.", "removing.done", "removing.failed", "error.server")


def script() -> str:
    """JavaScript to stand after `page.js`, whose names it uses."""
    texts = {
        key: {language: i18n.catalogue(language)[key].replace("{most}", str(MOST_FILES)) for language in i18n.LANGUAGES}
        for key in i18n.catalogue("en")
        if key.startswith(_TEXTS)
    }
    given = json.dumps({"texts": texts, "suffixes": suffixes(), "most": MOST_FILES})
    return f"\nconst adding = {given};\n{(files('ui') / 'adding.js').read_text(encoding='utf-8')}"
