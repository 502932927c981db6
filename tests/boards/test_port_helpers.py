# SPDX-License-Identifier: Apache-2.0
"""What ports share, compiled for this machine: memcpy and its kin, and counters made of counters."""

from __future__ import annotations

import ctypes
import itertools
import random
import subprocess
from pathlib import Path

import pytest

from edgesdk.compile.toolchains import require_tool
from edgesdk.resources import firmware_dir

PORTS = firmware_dir() / "ports"
COUNTERS = """
#include "edge_port_instructions.h"
#include "edge_port_pair.h"
EDGE_PORT_CHECK_RATE(25000000);
uint64_t pair(uint32_t fine, uint32_t coarse, unsigned shift) { return edge_port_pair(fine, coarse, shift); }
static edge_port_instructions state;
uint64_t count(uint64_t reading, uint32_t hz) { return edge_port_count(&state, reading, hz); }
"""


def shared_library(tmp_path: Path, source: Path, *flags: str) -> ctypes.CDLL:
    library = tmp_path / "library.so"
    command = [str(require_tool("cc").path), "-std=c11", "-O2", "-shared", "-fPIC", "-Wall", "-Wextra", "-Wconversion"]
    subprocess.run([*command, "-Werror", *flags, str(source), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


@pytest.fixture(params=["aligned", "unaligned"])
def mem(request: pytest.FixtureRequest, tmp_path: Path) -> ctypes.CDLL:
    names = ("memcpy", "memmove", "memset", "memcmp", "strlen")
    flags = [f"-D{name}=edge_{name}" for name in names]
    flags += ["-fno-builtin", "-fno-tree-loop-distribute-patterns", f"-I{PORTS / 'freestanding'}"]
    if request.param == "unaligned":
        flags.append("-D__ARM_FEATURE_UNALIGNED=1")
    library = shared_library(tmp_path, PORTS / "common/edge_port_mem.c", *flags)
    for name in ("edge_memcpy", "edge_memmove", "edge_memset"):
        getattr(library, name).restype = ctypes.c_void_p
    return library


SIZES = (*range(40), 63, 64, 65, 200)


def test_copies(mem: ctypes.CDLL) -> None:
    source = random.Random(0).randbytes(256)
    for size, a, b in itertools.product(SIZES, range(4), range(4)):
        raw = ctypes.create_string_buffer(source, 256)
        target = ctypes.create_string_buffer(b"\x55" * 256, 256)
        base = ctypes.addressof(target)
        assert mem.edge_memcpy(ctypes.c_void_p(base + b), ctypes.c_void_p(ctypes.addressof(raw) + a), size) == base + b
        assert target.raw == (b"\x55" * b + source[a : a + size]).ljust(256, b"\x55")


def test_overlapping_moves(mem: ctypes.CDLL) -> None:
    source = random.Random(1).randbytes(300)
    for size, start, shift in itertools.product(SIZES, range(20, 24), range(-20, 21)):
        buffer = ctypes.create_string_buffer(source, 300)
        base = ctypes.addressof(buffer) + start
        mem.edge_memmove(ctypes.c_void_p(base + shift), ctypes.c_void_p(base), size)
        expected = bytearray(source)
        expected[start + shift : start + shift + size] = source[start : start + size]
        assert buffer.raw == bytes(expected)


def test_fills_and_compares(mem: ctypes.CDLL) -> None:
    for size, start, value in itertools.product(SIZES, range(4), (0, 0x80, 0x1FF)):
        buffer = ctypes.create_string_buffer(b"\x55" * 256, 256)
        mem.edge_memset(ctypes.c_void_p(ctypes.addressof(buffer) + start), value, size)
        assert buffer.raw == (b"\x55" * start + bytes([value & 255]) * size).ljust(256, b"\x55")
    assert mem.edge_memcmp(b"abc", b"abc", 3) == 0
    assert mem.edge_memcmp(b"abc", b"ab\xff", 3) < 0
    assert mem.edge_memcmp(b"\xff", b"a", 1) > 0
    assert mem.edge_memcmp(b"a", b"b", 0) == 0
    assert [mem.edge_strlen(text) for text in (b"", b"abc")] == [0, 3]


@pytest.fixture
def counters(tmp_path: Path) -> ctypes.CDLL:
    source = tmp_path / "counters.c"
    source.write_text(COUNTERS)
    library = shared_library(tmp_path, source, f"-I{PORTS / 'common'}", "-DEDGE_NS_PER_INSTRUCTION=128u")
    library.pair.restype = library.count.restype = ctypes.c_uint64
    library.count.argtypes = [ctypes.c_uint64, ctypes.c_uint32]
    return library


@pytest.mark.parametrize("shift", [8, 16])
@pytest.mark.parametrize("phase", [0, 777, 1 << 20])
def test_a_pair_counts_beyond_its_parts(counters: ctypes.CDLL, shift: int, phase: int) -> None:
    rng = random.Random(shift)
    times = [rng.randrange(1 << 39) for _ in range(500)]
    times += [(wrap << 32) + off for wrap in range(1, 8) for off in (-(1 << 20), -1, 0, 1, 255, 256)]
    for t in times:
        coarse = ((t + phase) >> shift) & 0xFFFFFFFF  # started a little earlier
        assert counters.pair(t & 0xFFFFFFFF, coarse, shift) == t


def test_instructions_are_counted_exactly(counters: ctypes.CDLL) -> None:
    """25 MHz, 128 ns an instruction: 3.2 ticks each, so every reading is cut off, yet no instruction is lost."""
    rng = random.Random(3)
    executed, start = 0, counters.count(0, 25_000_000)
    for _ in range(5000):
        executed += rng.choice((1, 2, 3, 17, 1000, 123_456_789))
        assert counters.count(executed * 128 // 40, 25_000_000) - start == executed
