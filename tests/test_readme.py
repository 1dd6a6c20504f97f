"""The README says what is so: its settings are the settings, its links lead somewhere; and the lock pins what we need."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from rag.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "README.ar.md", "CONTRIBUTING.md", "CHANGELOG.md")
BEGIN, END = "<!-- settings:", "<!-- /settings -->"


def _settings_table() -> str:
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    defaults = {"home": "the user data folder", "cache": "the user cache folder", None: "none"}
    for name, field in Settings.model_fields.items():
        shown = defaults.get(name) or (defaults[None] if field.default is None else f"`{field.default}`")
        rows.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def test_the_settings_of_the_readme_are_the_settings() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    section = text[text.index(BEGIN) : text.index(END)]
    shown = section.partition("-->\n")[2].strip()
    assert shown == _settings_table(), f"The README's table should be:\n{_settings_table()}"


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", (ROOT / page).read_text("utf-8"))
    assert all((ROOT / link).exists() for link in links if not re.match(r"https?://|#", link))


def _pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pinned = [re.fullmatch(r"([\w.-]+)==([\w.]+)(; .*)?", line) for line in lines if not line.startswith(("#", "-r "))]
    assert all(pinned), f"{name} holds something else than pins: addresses, paths, or a build of torch"
    return {_normal(pin[1]): pin[2] for pin in pinned if pin}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_pins_every_dependency_and_no_cuda() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    run, dev = _pins("requirements.lock"), _pins("requirements-dev.lock")
    wanted = {_normal(re.split(r"[^\w.-]", line)[0]) for line in project["dependencies"]}
    wanted_dev = {_normal(re.split(r"[^\w.-]", line)[0]) for line in project["optional-dependencies"]["dev"]}
    assert wanted <= run.keys()
    assert wanted_dev <= run.keys() | dev.keys()
    assert not run.keys() & dev.keys()
    assert not [name for name in run if re.match(r"nvidia|cuda|triton", name)]
    assert f"torch=={run['torch']}" in project["dependencies"]
