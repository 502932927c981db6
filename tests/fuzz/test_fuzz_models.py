# SPDX-License-Identifier: Apache-2.0
"""The fuzzer repeats itself by seed, passes what it should, and sees each of the faults it looks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from edgesdk.errors import EdgeError
from edgesdk.model.tflite.reader import parse_model
from edgesdk.model.tflite.writer import write_model
from fuzz import fuzz_models
from fuzz.mutate import MUTATIONS, Base, Case, make_base, make_case
from random_graphs import random_graph


@pytest.fixture(scope="module")
def bases() -> Sequence[Base]:
    return [make_base(f"random {seed}", write_model(random_graph(Random(seed)))) for seed in range(4)]


def test_a_seed_is_a_case(bases: Sequence[Base]) -> None:
    assert [make_case(bases, seed) for seed in range(50)] == [make_case(bases, seed) for seed in range(50)]


@pytest.mark.parametrize("kind", sorted(MUTATIONS))
def test_every_mutation_changes_the_model(kind: str, bases: Sequence[Base]) -> None:
    changed = {MUTATIONS[kind](Random(seed), bases[0]) for seed in range(20)} - {bases[0].data}
    assert len(changed) > 10


def test_hostile_names_are_sound_models(bases: Sequence[Base]) -> None:
    for seed in range(20):
        graph = parse_model(MUTATIONS["names"](Random(seed), bases[0]), "")
        assert len(graph.nodes) == len(bases[0].graph.nodes)


def test_damage_mostly_hits_structure(bases: Sequence[Base]) -> None:
    refused = 0
    for seed in range(50):
        try:
            parse_model(MUTATIONS["wild words"](Random(seed), bases[0]), "")
        except EdgeError:
            refused += 1
    assert refused > 25


def test_a_few_models(bases: Sequence[Base]) -> None:
    results = fuzz_models.run_cases(bases, range(30), jobs=2)
    assert [seed for seed, _, _ in results] == list(range(30))
    assert [verdict for _, _, verdict in results if verdict.report] == []


Stage = Callable[[Case, Path, Path], str]


def _outcome(stage: Stage, bases: Sequence[Base], monkeypatch: pytest.MonkeyPatch) -> fuzz_models.Verdict:
    monkeypatch.setattr(fuzz_models, "STAGES", {"inspect": stage, "build": stage})
    monkeypatch.setattr(fuzz_models, "SECONDS", 2)
    ((_, _, verdict),) = fuzz_models.run_cases(bases, [0], jobs=1)
    return verdict


def _crash(case: Case, model: Path, out: Path) -> str:
    raise ZeroDivisionError("as if")


def _hang(case: Case, model: Path, out: Path) -> str:
    time.sleep(30)
    return "ok"


def _hoard(case: Case, model: Path, out: Path) -> str:
    return str(np.ones(3 << 30, np.uint8).sum())


def _litter(case: Case, model: Path, out: Path) -> str:
    (out / "half.c").write_text("int")
    return "EDGE-MODEL-002"


def _stray(case: Case, model: Path, out: Path) -> str:
    (out.parent / "escaped").write_text("")
    return "ok"


@pytest.mark.parametrize(
    ("stage", "outcome", "report"),
    [
        (_crash, "CRASH", "ZeroDivisionError"),
        (_hang, "HANG", "longer than"),
        (_hoard, "CRASH", "MemoryError"),
        (_litter, "CRASH", "leaves files behind"),
        (_stray, "CRASH", "outside the output folder"),
    ],
)
def test_faults_are_seen(
    stage: Stage, outcome: str, report: str, bases: Sequence[Base], monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = _outcome(stage, bases, monkeypatch)
    assert verdict.outcome == outcome
    assert report in verdict.report
