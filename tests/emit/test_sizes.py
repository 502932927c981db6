# SPDX-License-Identifier: Apache-2.0
"""The planner's sizes of the firmware's structs are the compiler's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from edgesdk.boards import load_board
from edgesdk.compile.toolchains import find_compiler
from edgesdk.emit import sizes
from edgesdk.resources import firmware_dir


@pytest.mark.parametrize("board", ["microbit-v1", "mps2-an386", "riscv-virt"])
def test_struct_sizes(board: str, tmp_path: Path) -> None:
    structs = {
        "edge_ctx": sizes.CTX,
        "edge_rows": sizes.ROWS_VIEW,
        "edge_map": sizes.MAP,
        "edge_op": sizes.OP,
        "edge_port": sizes.PORT,
        "edge_ring": sizes.RING,
        "edge_window": sizes.WINDOW,
        "edge_turn": sizes.TURN,
        "edge_io": sizes.IO,
        "edge_model": sizes.MODEL,
        "void *": sizes.POINTER,
    }
    source = tmp_path / "sizes.c"
    checks = [f'_Static_assert(sizeof({name}) == {size}, "{name}");' for name, size in structs.items()]
    source.write_text('#include "edge/model.h"\n' + "\n".join(checks) + "\n")
    loaded = load_board(board)
    command = [find_compiler(loaded).path, *loaded.build.flags, "-ffreestanding", f"-I{firmware_dir() / 'include'}"]
    done = subprocess.run([*command, "-fsyntax-only", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
