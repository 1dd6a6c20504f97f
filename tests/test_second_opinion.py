from __future__ import annotations

from pathlib import Path

import pytest

from evals.benchmarks import second_opinion
from evals.benchmarks.second_opinion import Opinion, main, opinions
from evals.run_folder import RunFolder


def test_other_peoples_programs_come_to_the_same(samples_run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    found = opinions(samples_run)
    assert all(one.agrees for one in found), [one for one in found if not one.agrees]
    assert {"ir-measures", "torchmetrics SQuAD", "scikit-learn", "scipy bootstrap"} == {one.by for one in found}
    assert {"R@5", "nDCG@10", "exact_match", "token_f1", "auc", "brier"} <= {one.metric for one in found}
    assert main([str(samples_run.path)]) == 0
    assert "DIFFERS" not in capsys.readouterr().out


def test_a_figure_that_differs_is_said_and_fails(
    samples_run: RunFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given texts with their punctuation, torchmetrics counts other tokens than we do."""
    assert not Opinion("m", "x", 1, 0.5, 0.50001).agrees
    monkeypatch.setattr(second_opinion, "normalised_tokens", lambda text: text.lower().split())
    assert main([str(samples_run.path)]) == 1
    assert "DIFFERS" in capsys.readouterr().out


def test_what_is_no_run_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 1
    assert len(capsys.readouterr().out.strip().splitlines()) == 1
