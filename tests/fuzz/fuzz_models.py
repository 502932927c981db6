# SPDX-License-Identifier: Apache-2.0
"""Feeds mutated models to the stages that meet a user's file: each succeeds or ends in one clear EdgeError.

    python tests/fuzz/fuzz_models.py --count 2000 --seed 1

Every case runs in a process of its own, under a limit of time and of memory. Exit 1 names the seeds of the
cases that crashed, hung, used too much memory, or ended in an error that no bad model may cause.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edgesdk.emit.identifiers import identifier
from edgesdk.emit.model import emit_model
from edgesdk.errors import EdgeError
from edgesdk.model.plan import Options, Plan
from edgesdk.model.tflite.writer import write_model
from edgesdk.plan import plan_graph
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from fuzz.mutate import Base, Case, make_base, make_case
from model_files import MODELS
from random_graphs import random_graph

SECONDS = 10
MEMORY = 2 << 30
RANDOM_BASES = 12
ALLOWED = ("EDGE-MODEL-", "EDGE-OP-", "EDGE-PLAN-")  # kinds of error that a model may cause
MOST_ERROR = 2000  # characters of an error's line
CRASHED = 70  # exit status of a case that ended in anything but success or an allowed error


def inspect_stage(model: Path, out: Path) -> None:
    load_model(model)


def plan_stage(model: Path, out: Path) -> None:
    _plan(model)


def build_stage(model: Path, out: Path) -> None:
    for name, text in emit_model(_plan(model), identifier(model.stem)).items():
        (out / name).write_text(text)


STAGES: Mapping[str, Callable[[Path, Path], None]] = {
    "inspect": inspect_stage,
    "plan": plan_stage,
    "build": build_stage,
}


def _plan(model: Path) -> Plan:
    return plan_graph(rewrite(load_model(model), Options()), ("portable",), "ram")


@dataclass(frozen=True)
class Verdict:
    """How a case ended: "ok", an error's id, or what is wrong with a report."""

    outcome: str
    report: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Feed mutated models to edgesdk.")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="of the first case; the next has the next number")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args(arguments)
    bases = sound_models()
    tally: Counter[tuple[str, str]] = Counter()
    failed: dict[int, Verdict] = {}
    for seed, kind, verdict in run_cases(bases, range(chosen.seed, chosen.seed + chosen.count), chosen.jobs):
        tally[kind, verdict.outcome] += 1
        if verdict.report:
            failed[seed] = verdict
            print(f"seed {seed} ({kind}): {verdict.outcome}\n{verdict.report}", file=sys.stderr, flush=True)
    for (kind, outcome), count in sorted(tally.items()):
        print(f"{kind:12} {outcome:16} {count:6}")
    print(f"{chosen.count} models from seed {chosen.seed}, {len(failed)} failed")
    for seed in sorted(failed):
        print(f"reproduce: python tests/fuzz/fuzz_models.py --count 1 --seed {seed}")
    return 1 if failed else 0


def sound_models() -> list[Base]:
    """The benchmark models, and small random graphs that reach the other operators."""
    bases = [make_base(path.name, path.read_bytes()) for path in sorted(MODELS.glob("*.tflite"))]
    for seed in range(RANDOM_BASES):
        bases.append(make_base(f"random {seed}", write_model(random_graph(Random(seed), operators=8))))
    return bases


def run_cases(bases: Sequence[Base], seeds: Sequence[int], jobs: int) -> list[tuple[int, str, Verdict]]:
    """(seed, kind, verdict) of every seed; `jobs` processes at a time."""
    results: list[tuple[int, str, Verdict]] = []
    running: dict[int, tuple[int, Case, Path]] = {}
    with tempfile.TemporaryDirectory(prefix="edgesdk-fuzz-") as scratch:

        def reap() -> None:
            pid, status, usage = os.wait4(-1, 0)
            seed, case, folder = running.pop(pid)
            results.append((seed, case.kind, _verdict(status, usage.ru_maxrss * 1024, folder / "said")))
            _remove(folder)

        for seed in seeds:
            case = make_case(bases, seed)
            folder = Path(scratch) / str(seed)
            (folder / "out").mkdir(parents=True)
            while len(running) >= jobs:
                reap()
            pid = os.fork()
            if pid == 0:
                _child(case, folder)
            running[pid] = (seed, case, folder)
        while running:
            reap()
    return results


def _child(case: Case, folder: Path) -> None:
    """Runs the stages, writes what they said to the file "said" and ends the process."""
    status = CRASHED
    said = ""
    try:
        signal.alarm(SECONDS)  # its default action ends the process, inside C code too
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        said, status = run_stages(case, folder)
    except BaseException:
        said = traceback.format_exc()
    finally:
        (folder / "said").write_text(said, errors="backslashreplace")
        os._exit(status)


def run_stages(case: Case, folder: Path) -> tuple[str, int]:
    """("ok" or the error's id, 0), or (what is wrong, CRASHED)."""
    model = folder / case.file_name
    model.write_bytes(case.data)
    outcomes: list[str] = []
    for name, stage in STAGES.items():
        try:
            stage(model, folder / "out")
            outcomes.append("ok")
        except EdgeError as error:
            line = str(error)
            if not error.kind.id.startswith(ALLOWED):
                return f"{name}: {line}\n{traceback.format_exc()}", CRASHED
            if not line.isprintable() or len(line) > MOST_ERROR:
                return f"{name}: not one short printable line: {line[:MOST_ERROR]!r}", CRASHED
            outcomes.append(error.kind.id)
            if any((folder / "out").iterdir()):
                return f"{name}: it left files behind after {line}", CRASHED
    # What inspect refuses, plan and build refuse alike; what plan refuses, build does.
    for earlier, later in pairwise(outcomes):
        if earlier not in ("ok", later):
            return f"the stages disagree: {outcomes}", CRASHED
    if {p.name for p in folder.iterdir()} - {"out", case.file_name}:
        return "something was written outside the output folder", CRASHED
    return outcomes[-1], 0


def _verdict(status: int, peak: int, said: Path) -> Verdict:
    text = said.read_text() if said.exists() else ""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGALRM:
            return Verdict("HANG", f"it ran longer than {SECONDS} s")
        return Verdict("KILLED", f"signal {signal.Signals(number).name}")
    if os.WEXITSTATUS(status) != 0:
        return Verdict("CRASH", text or "it ended without a word")
    if peak > MEMORY:
        return Verdict("MEMORY", f"it used {peak} bytes")
    return Verdict(text)


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


if __name__ == "__main__":
    sys.exit(main())
