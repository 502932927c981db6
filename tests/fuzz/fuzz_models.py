# SPDX-License-Identifier: Apache-2.0
"""Feeds mutated models to the stages that meet a user's file: each succeeds or ends in one clear EdgeError.

    python tests/fuzz/fuzz_models.py --count 2000 --seed 1

Every case runs in a process of its own, under a limit of time and of memory. Exit 1 names the seeds of the
cases that crashed, hung, used too much memory, or ended in an error that no bad model may cause.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import resource
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edgesdk import errors
from edgesdk.cli.main import run
from edgesdk.errors import ErrorKind
from edgesdk.model.tflite.writer import write_model
from fuzz.mutate import Base, Case, make_base, make_case
from model_files import MODELS
from random_graphs import random_graph

SECONDS = 30  # two plans, of up to ten each on a slow machine, and a compilation
MEMORY = 2 << 30
RANDOM_BASES = 12
BOARD = "mps2-an386"
EXIT_CODES = {kind.id: kind.exit_code for kind in vars(errors).values() if isinstance(kind, ErrorKind)}
ALLOWED = ("EDGE-MODEL-", "EDGE-OP-", "EDGE-PLAN-")  # kinds of error that a model may cause
MOST_ERROR = 2000  # characters of an error's line
CRASHED = 70  # exit status of a case that ended in anything but success or an allowed error


class Broken(Exception):
    """A stage ended as no model may make it end."""


def inspect_stage(case: Case, model: Path, out: Path) -> str:
    return run_verb(case, "inspect", str(model))


def plan_stage(case: Case, model: Path, out: Path) -> str:
    return run_verb(case, "plan", str(model), "--board", BOARD)


def build_stage(case: Case, model: Path, out: Path) -> str:
    return run_verb(case, "build", str(model), "--board", BOARD, "-o", str(out))


# Each stage returns "ok" or the id of the error it ended in, and raises where it ends otherwise.
STAGES: Mapping[str, Callable[[Case, Path, Path], str]] = {
    "inspect": inspect_stage,
    "plan": plan_stage,
    "build": build_stage,
}


def run_verb(case: Case, *arguments: str) -> str:
    """Runs one command line in this process; every other case asks for JSON."""
    as_json = len(case.data) % 2 == 1
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        code = run([*arguments, "--json"] if as_json else list(arguments))
    text, notes = stdout.getvalue(), stderr.getvalue()
    for line in (text + notes).splitlines():
        if not line.isprintable():
            raise Broken(f"{arguments[0]} shows an unprintable line: {line[:MOST_ERROR]!r}")
    if as_json:
        json.loads(text)
    if code == 0:
        return "ok"
    progress = f"{arguments[0]} ...\n"
    found = re.match(r"(EDGE-[A-Z]+-[0-9]{3}): .+", notes.removeprefix(progress))
    if found is None or len(found.group()) > MOST_ERROR or notes.count("\nEDGE-") + notes.startswith("EDGE-") != 1:
        raise Broken(f"{arguments[0]} ends with {code} and without one clear line: {notes[:MOST_ERROR]}")
    if EXIT_CODES[found[1]] != code:
        raise Broken(f"{arguments[0]} ends with {code}, not {EXIT_CODES[found[1]]}: {notes[:MOST_ERROR]}")
    if not found[1].startswith(ALLOWED):
        raise Broken(f"{arguments[0]}: {notes}")
    return found[1]


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
    check_sound(bases)
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


def check_sound(bases: Sequence[Base]) -> None:
    """Every base must pass, or its mutations would show nothing. It also imports, once, what cases use."""
    for base in bases:
        with tempfile.TemporaryDirectory(prefix="edgesdk-fuzz-") as folder:
            (Path(folder) / "out").mkdir()
            outcome = run_stages(Case("sound", base.name, base.data, "model.tflite"), Path(folder))
            if outcome != "ok":
                raise SystemExit(f"the sound model {base.name} ends in {outcome}")


def run_cases(bases: Sequence[Base], seeds: Sequence[int], jobs: int) -> list[tuple[int, str, Verdict]]:
    """(seed, kind, verdict) of every seed; `jobs` processes at a time."""
    results: list[tuple[int, str, Verdict]] = []
    running: dict[int, tuple[int, Case, Path]] = {}
    with tempfile.TemporaryDirectory(prefix="edgesdk-fuzz-") as scratch:

        def reap() -> None:
            pid = next(iter(running))  # the oldest; waiting for any child would take other people's
            seed, case, folder = running.pop(pid)
            _, status, usage = os.wait4(pid, 0)
            with contextlib.suppress(ProcessLookupError):  # nothing is left of its group, as it should be
                os.killpg(pid, signal.SIGKILL)
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
        os.setpgid(0, 0)  # a hanging case ends together with its compiler
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        said, status = run_stages(case, folder, SECONDS), 0
    except BaseException:
        said = traceback.format_exc()
    finally:
        (folder / "said").write_text(said, errors="backslashreplace")
        os._exit(status)


def run_stages(case: Case, folder: Path, seconds: int = 0) -> str:
    """How the last stage ended: "ok" or an error's id.

    Args:
        seconds: how long each stage may take; 0 is for ever.

    Raises:
        Broken: where a stage does not end as the model may make it end, or leaves files where it should not.
    """
    model = folder / case.file_name
    model.write_bytes(case.data)
    outcomes: dict[str, str] = {}
    for name, stage in STAGES.items():
        signal.alarm(seconds)  # its default action ends the process, inside C code too
        outcome = outcomes[name] = stage(case, model, folder / "out")
        signal.alarm(0)
        if outcome != "ok" and any((folder / "out").iterdir()):
            raise Broken(f"{name} leaves files behind after {outcome}")
    # What the model's own check refuses, every stage refuses alike.
    if outcomes["inspect"] != "ok" and len(set(outcomes.values())) > 1:
        raise Broken(f"the stages disagree: {outcomes}")
    if {p.name for p in folder.iterdir()} - {"out", case.file_name}:
        raise Broken("something was written outside the output folder")
    return outcomes["build"]


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
