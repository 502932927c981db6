# SPDX-License-Identifier: Apache-2.0
"""What `plan` says that an inference will take, beside what it took."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmark_models import model_path
from edgesdk.boards import load_board
from edgesdk.kernels.costs import cost_table
from edgesdk.measure.estimate import estimate_of, estimated
from edgesdk.measure.plan import plan_report
from edgesdk.measure.prepare import prepare
from edgesdk.model.plan import Options

RECORD = json.loads((Path(__file__).parents[2] / "docs/results/bench.json").read_text())["rows"]
ROWS = [row for row in RECORD if row["model"] in ("kws01", "ic01", "ad01")]
ERROR = 0.2


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row[k] for k in ("board", "model", "input", "optimize")))
def test_near_the_recorded_instructions(row: dict[str, object]) -> None:
    options = Options(input=str(row["input"]), optimize=str(row["optimize"]))
    prepared = prepare(model_path(str(row["model"])), load_board(str(row["board"])), options)
    estimate = plan_report(prepared).estimate
    assert estimate is not None
    assert estimate.instructions == pytest.approx(row["instructions"], rel=ERROR)
    assert 0 < estimate.error < ERROR
    if row["board"] == "riscv-virt":
        assert estimate.cycles is None
    else:
        assert estimate.cycles is not None
        assert estimate.cycles > estimate.instructions


def test_layers_add_up() -> None:
    report = plan_report(prepare(model_path("kws01"), load_board("mps2-an386"), Options()))
    assert report.estimate is not None
    assert report.estimate.instructions == sum(layer.instructions_estimated or 0 for layer in report.layers)
    assert report.estimate.cycles == sum(layer.cycles_estimated or 0 for layer in report.layers)


def test_none_where_a_kernel_was_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = prepare(model_path("kws01"), load_board("mps2-an386"), Options())
    table = cost_table("cortex-m4")
    assert table is not None
    others = {symbol: cost for symbol, cost in table.kernels.items() if "softmax" not in symbol}
    monkeypatch.setattr("edgesdk.measure.estimate.cost_table", lambda core: replace(table, kernels=others))
    layers = estimated(prepared, plan_report(prepared).layers)
    assert layers[0].instructions_estimated is not None
    blank = [replace(x, instructions_estimated=None) if "softmax" in x.kernel else x for x in layers]
    assert estimate_of(prepared, blank) is None


def test_none_on_a_core_without_a_table() -> None:
    report = plan_report(prepare(model_path("kws01"), load_board("host"), Options()))
    assert report.estimate is None
    assert all(layer.instructions_estimated is None for layer in report.layers)
