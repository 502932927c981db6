# SPDX-License-Identifier: Apache-2.0
"""No version is slower or larger than the numbers in docs/results, nor than TensorFlow Lite Micro."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from benchmark_models import QUICK_MODELS, TFLM_INSTRUCTIONS
from record_bench import PLANNED, RECORD, RUNS, Row, Run, measured, run_of

MORE_INSTRUCTIONS, MORE_CODE = 1.01, 1.02
MORE_THAN_THE_FASTEST = 1.15
AT_LEAST = {  # times fewer instructions than TensorFlow Lite Micro
    "mps2-an385": 1.5,
    "mps2-an386": 2.1,
    "mps3-an547": 1.2,
    "riscv-virt": 3.0,
}
CHECKED = [run for run in RUNS if run == Run(run.board, run.model) and run.board in AT_LEAST]


def rows() -> dict[Run, Row]:
    return {run_of(row): row for row in json.loads(RECORD.read_text())["rows"]}


@pytest.mark.emulator
@pytest.mark.parametrize(
    "run",
    [
        pytest.param(run, id=f"{run.board}-{run.model}", marks=[] if run.model in QUICK_MODELS else [pytest.mark.slow])
        for run in CHECKED
    ],
)
def test_no_more_than_recorded(run: Run) -> None:
    recorded, now = rows()[run], measured(run)
    if now["compiler"] == recorded["compiler"]:  # others must be exact, not fast
        assert now["instructions"] <= recorded["instructions"] * MORE_INSTRUCTIONS
        assert now["code"] <= recorded["code"] * MORE_CODE
        assert now["weights"] <= recorded["weights"] * MORE_CODE
        assert now["instructions"] * AT_LEAST[run.board] <= TFLM_INSTRUCTIONS[run.board][run.model]
    assert now["arena"] <= recorded["arena"]


def test_the_record_is_whole() -> None:
    assert list(rows()) == list(RUNS)
    table = RECORD.with_suffix(".md").read_text()
    assert all(
        f"| {r['board']} | {r['model']} | {r['instructions']:,} |" in table
        for r in rows().values()
        if (r["input"], r["optimize"]) == ("resident", "ram")
    )


def test_the_default_plan_is_nearly_as_fast_as_the_fastest() -> None:
    for run, row in rows().items():
        if run.board == PLANNED and run.optimize == "ram":
            fastest = rows()[replace(run, optimize="speed")]
            assert fastest["instructions"] <= row["instructions"]
            assert row["instructions"] <= fastest["instructions"] * MORE_THAN_THE_FASTEST
