"""The pages say what is so: settings are the settings, figures have commands, links lead somewhere; locks pin enough."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest

from rag.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
DOCS = tuple(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))
PAGES = ("README.md", "README.ar.md", "CONTRIBUTING.md", "CHANGELOG.md", *DOCS)
BEGIN, END = "<!-- settings:", "<!-- /settings -->"
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def _text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def _prose(page: str) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", _text(page))


def _anchors(page: str) -> set[str]:
    """What GitHub calls the headings of a page: lower case, hyphens for spaces, no punctuation; a second one is `-1`."""
    found: dict[str, int] = {}
    for heading in re.findall(r"^#+ +(.+?) *$", _prose(page), flags=re.MULTILINE):
        kept = (c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LMN")
        name = "".join(kept).replace(" ", "-")
        found[name] = found.get(name, -1) + 1
    return {f"{name}-{n}" if n else name for name, last in found.items() for n in range(last + 1)}


def _rows(page: str, header: str) -> list[str]:
    """The rows of the tables of a page under this header."""
    tables = re.findall(rf"^{re.escape(header)}\n\|[-|: ]+\n((?:\|.*\n)+)", _text(page), flags=re.MULTILINE)
    return [row for table in tables for row in table.splitlines()]


def _settings_table() -> str:
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    defaults = {"home": "the user data folder", "cache": "the user cache folder", None: "none"}
    for name, field in Settings.model_fields.items():
        shown = defaults.get(name) or (defaults[None] if field.default is None else f"`{field.default}`")
        rows.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def test_the_settings_of_the_pages_are_the_settings() -> None:
    text = _text("docs/settings.md")
    section = text[text.index(BEGIN) : text.index(END)]
    shown = section.partition("-->\n")[2].strip()
    assert shown == _settings_table(), f"The table of docs/settings.md should be:\n{_settings_table()}"
    few = _rows("README.md", "| variable | default | what it is |")
    assert few
    assert set(few) <= set(_settings_table().splitlines()), "README.md tells a setting otherwise than docs/settings.md"


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_a_page_names_is_one(page: str) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}CONFIG"}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", _text(page))) <= known


def test_every_figure_stands_beside_its_command() -> None:
    for page in ("README.md", *DOCS):
        rows = _rows(page, "| what | figure | command |")
        assert rows or page not in ("README.md", "docs/measurements.md"), f"{page}: no figures"
        for n, row in enumerate(rows):
            what, figure, command = (cell.strip() for cell in row.strip("|").split("|"))
            assert what, row
            assert re.search(r"\d|equal", figure), row
            named = re.search(r"`(python -m|tawthiq|make) .+`", command)
            assert named or (n and re.match(r"the same|both", command)), row


def test_the_figures_of_the_readme_are_those_of_the_page() -> None:
    header = "| what | figure | command |"
    assert set(_rows("README.md", header)) <= set(_rows("docs/measurements.md", header))


@pytest.mark.parametrize("page", PAGES)
def test_the_programs_and_targets_that_a_page_names_are_there(page: str) -> None:
    modules = re.findall(r"python -m ((?:evals|rag|corpus|ui)(?:\.\w+)+)(?!\.?[\w<])", _text(page))
    assert not [module for module in modules if not (ROOT / f"{module.replace('.', '/')}.py").exists()]
    targets = set(re.findall(r"^([\w-]+):", _text("Makefile"), flags=re.MULTILINE))
    named = re.findall(r"`make +([a-z][a-z -]*)", _prose(page))
    named += [
        words for block in FENCE.findall(_text(page)) for words in re.findall(r"(?m)^make +([a-z][a-z -]*)", block)
    ]
    assert {target for words in named for target in words.split()} <= targets


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page: str) -> None:
    """Each relative link or picture is a file of the checkout, and the heading that it names is in that file."""
    for link in LINK.findall(_prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        assert target.resolve().is_relative_to(ROOT.resolve()), f"{page}: {link} leaves the checkout"
        assert target.exists(), f"{page}: {link} leads nowhere"
        if anchor:
            there = target.resolve().relative_to(ROOT.resolve()).as_posix()
            assert anchor in _anchors(there), f"{page}: {link} names no heading"


@pytest.mark.parametrize("page", ["README.md", "README.ar.md"])
def test_every_page_is_linked_from_the_first_ones(page: str) -> None:
    assert set(DOCS) <= {link.partition("#")[0] for link in LINK.findall(_prose(page))}


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
