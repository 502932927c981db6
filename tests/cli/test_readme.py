# SPDX-License-Identifier: Apache-2.0
"""README lists the boards, operators and verbs that there are, and its links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

from edgesdk.boards import board_ids
from edgesdk.cli.main import app
from edgesdk.ops.registry import operators

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_boards() -> None:
    section = README.partition("## Boards")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `([a-z0-9-]+)`", section, re.MULTILINE)) == sorted(board_ids())


def test_operators() -> None:
    section = README.partition("## Operators")[2].partition("\n## ")[0]
    builtin, custom = section.split("\n\n")[2:4]
    named = re.findall(r"\b[A-Z][A-Z0-9_]+\b", builtin) + re.findall(r"`(edgesdk\.\w+)`", custom)
    assert sorted(named) == sorted(operators())


def test_verbs() -> None:
    verbs = {c.callback.__name__ for c in app.registered_commands if c.callback} | {"toolchain"}
    table = README.partition("| verb |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z]+)`", table)) == verbs


def test_links() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_comparison_is_the_record() -> None:
    rows = json.loads((ROOT / "docs/results/bench.json").read_text())["rows"]
    record = {(r["board"], r["model"]): r for r in rows if (r["input"], r["optimize"]) == ("resident", "ram")}
    number = r" ([\d.,]+) \|"
    found = re.findall(rf"^\| (\w+01) \|{number * 8}$", README, re.MULTILINE)
    assert len(found) == 4
    for model, m4, _, m3, _, rv32, _, arena, _ in found:
        for board, shown in (("mps2-an386", m4), ("mps2-an385", m3), ("riscv-virt", rv32)):
            assert shown == f"{record[board, model]['instructions'] / 1e6:.2f}"
        assert int(arena.replace(",", "")) == record["mps2-an386", model]["arena"]


def test_no_text_names_a_verb_that_is_not_there() -> None:
    verbs = {c.callback.__name__ for c in app.registered_commands if c.callback} | {"toolchain"}
    for source in sorted((ROOT / "sdk").rglob("*.py")):
        for verb in re.findall(r"[`\"'] ?edgesdk ([a-z]+)\b", source.read_text()):
            assert verb in verbs, f"{source.name}: edgesdk {verb}"
