# SPDX-License-Identifier: Apache-2.0
"""Runs the README's examples and puts what they print into it, and the table of docs/results/bench.json.

    python tests/record_readme.py

tests/test_readme.py says whether the README is current. In an example `...` stands for lines left out.
"""

from __future__ import annotations

import difflib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmark_models import OUTPUT_CRCS, TFLM_ARENAS, TFLM_INSTRUCTIONS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BENCH = ROOT / "docs/results/bench.json"
PROMPT = "    $ "
LEFT_OUT = "..."
TABLE = "| model | M4: edgesdk |"
COMPARED = ("mps2-an386", "mps2-an385", "riscv-virt")


def examples(text: str) -> Mapping[str, Sequence[str]]:
    """What the README shows of each command that it runs."""
    found: dict[str, list[str]] = {}
    shown: list[str] | None = None
    for line in text.splitlines():
        if line.startswith(PROMPT):
            shown = found.setdefault(line.removeprefix(PROMPT), [])
        elif shown is not None and line.startswith("    "):
            shown.append(line[4:])
        elif line:
            shown = None
    return found


def printed(command: str) -> list[str]:
    """What a command of the README prints, on stdout and stderr, in a wide window."""
    program, *arguments = shlex.split(command)
    assert program == "edgesdk", f"the README runs {program}"
    done = subprocess.run(
        [sys.executable, "-c", "from edgesdk.cli.main import main; main()", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout.splitlines()


def missing(shown: Sequence[str], output: Sequence[str]) -> list[str]:
    """The lines shown that the output has not, in this order."""
    left = list(output)
    lost = []
    for line in shown:
        if line == LEFT_OUT or not line:
            continue
        if line in left:
            left = left[left.index(line) + 1 :]
        else:
            lost.append(line)
    return lost


def table(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The rows of the comparison, from those of the bench's record."""
    ours = {(str(r["model"]), str(r["board"])): r for r in rows if r["input"] == "resident" and r["optimize"] == "ram"}
    lines = []
    for model in OUTPUT_CRCS:
        cells = [model]
        for board in COMPARED:
            counts = int(str(ours[model, board]["instructions"])), TFLM_INSTRUCTIONS[board][model]
            cells += [f"{count / 1e6:.2f}" for count in counts]
        cells += [f"{ours[model, COMPARED[0]]['arena']:,}", f"{TFLM_ARENAS[model]:,}"]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def with_table(text: str) -> str:
    """The README with the comparison as the record has it."""
    lines = text.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith(TABLE)) + 2
    end = next(k for k in range(start, len(lines)) if not lines[k].startswith("|"))
    lines[start:end] = table(json.loads(BENCH.read_text())["rows"])
    return "\n".join(lines) + "\n"


def main() -> None:
    text = with_table(README.read_text())
    for command, shown in examples(text).items():
        output = printed(command)
        for line in missing(shown, output):
            (now,) = difflib.get_close_matches(line, output, 1, 0)
            text = text.replace(f"    {line}\n", f"    {now}\n", 1)
    README.write_text(text)


if __name__ == "__main__":
    main()
