# SPDX-License-Identifier: Apache-2.0
"""Runtime and kernels hold no mutable data: two contexts may run from two tasks, and RAM accounts have no surprises."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from edgesdk.boards import load_board
from edgesdk.compile.toolchains import find_compiler
from edgesdk.resources import firmware_dir

SOURCES = sorted([*(firmware_dir() / "kernels").glob("*.c"), *(firmware_dir() / "runtime").glob("*.c")])
MUTABLE = set("dDbBcCsSgG")  # nm's letters for initialised, zeroed, common and small data


def mutable_symbols(compiler: Path, flags: tuple[str, ...], source: Path, directory: Path) -> list[str]:
    target = directory / f"{source.stem}.o"
    includes = [f"-I{firmware_dir() / d}" for d in ("include", "kernels", "runtime", "ports/freestanding")]
    subprocess.run([compiler, *flags, "-O2", "-ffreestanding", *includes, "-c", source, "-o", target], check=True)
    nm = compiler.with_name(compiler.name.replace("gcc", "nm"))
    listing = subprocess.run([nm, "--defined-only", target], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if line.split()[-2] in MUTABLE]


@pytest.mark.parametrize("board", ["mps2-an386", "riscv-virt"])
def test_nm_finds_no_mutable_data(board: str, tmp_path: Path) -> None:
    loaded = load_board(board)
    compiler = find_compiler(loaded).path
    portable = [s for s in SOURCES if not s.stem.endswith(("_dsp", "_mve"))]
    assert portable
    for source in portable:
        assert mutable_symbols(compiler, loaded.build.flags, source, tmp_path) == [], source.name


def test_the_check_sees_mutable_data(tmp_path: Path) -> None:
    board = load_board("mps2-an386")
    source = tmp_path / "bad.c"
    source.write_text("static int calls; int count(void) { return ++calls; }\n")
    assert len(mutable_symbols(find_compiler(board).path, board.build.flags, source, tmp_path)) == 1
