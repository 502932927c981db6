# SPDX-License-Identifier: Apache-2.0
"""Firmware builds: reproducible, accounted for to the byte, never half written."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from edgesdk.boards import Board, board_ids, load_board
from edgesdk.compile import build as build_module
from edgesdk.compile.build import Firmware, build_firmware
from edgesdk.compile.cmake import run_cmake
from edgesdk.compile.settings import board_settings
from edgesdk.compile.toolchains import find_compiler
from edgesdk.emit import EmittedModel, emit_app
from edgesdk.errors import (
    BOARD_INVALID,
    BOARD_NO_EMULATOR,
    BUILD_FAILED,
    BUILD_OVERFLOW,
    FILE_WRITE,
    USAGE,
    EdgeError,
)
from edgesdk.kernels.palette import palette_of
from edgesdk.measure.build import emit_sources
from edgesdk.measure.prepare import prepare
from edgesdk.measure.profile import profile
from edgesdk.model.plan import Options
from edgesdk.plan import Region, plan_graph
from edgesdk.resources import firmware_dir
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from model_files import MODELS


def sources_for(board: Board) -> dict[str, str]:
    return dict(emit_sources(prepare(MODELS / "kws01.tflite", board, Options(), fit=False)))


def build(board_id: str, directory: Path) -> Firmware:
    board = load_board(board_id)
    return build_firmware(board, sources_for(board), directory)


ARENAS = {"portable": 3_944, "packed": 3_824, "dsp": 3_952, "mve": 4_072}  # kws01's, by the board's best family

FITTING = [board_id for board_id in board_ids() if board_id != "microbit-v1"]


@pytest.mark.parametrize("board_id", FITTING)
def test_accounts_add_up(board_id: str, tmp_path: Path) -> None:
    firmware = build(board_id, tmp_path)
    flash, ram, board = firmware.accounts.flash, firmware.accounts.ram, firmware.board
    assert flash.other == ram.other == 0
    assert flash.code + flash.weights + flash.app == flash.total
    assert ram.arena + ram.runtime + ram.app + ram.stack == ram.total == sum(ram.regions.values())
    assert min(flash.code, flash.weights, flash.app, ram.arena, ram.runtime, ram.app) > 0
    assert ram.arena == ARENAS[board.families[0]]
    if board.build.arch != "host":
        assert ram.stack == board.reserve.stack_bytes
        assert flash.total == _loaded_bytes(firmware, tmp_path / "image")


def _loaded_bytes(firmware: Firmware, image: Path) -> int:
    """What objcopy would program: an independent count, by address."""
    compiler = find_compiler(firmware.board)
    objcopy = compiler.path.with_name(compiler.path.name.removesuffix("gcc") + "objcopy")
    subprocess.run([objcopy, "-O", "verilog", firmware.elf, image], check=True)
    lines = image.read_text().splitlines()
    return sum(len(line.split()) for line in lines if not line.startswith("@"))


def test_each_symbol_counts_where_its_library_says(tmp_path: Path) -> None:
    firmware = build("mps2-an386", tmp_path)
    with firmware.elf.open("rb") as stream:
        elf = ELFFile(stream)
        table = elf.get_section_by_name(".symtab")
        home = {s.name: elf.get_section(s["st_shndx"]).name for s in table.iter_symbols() if _defined(s)}
    assert home["edge_run"] == home["edge_vectors"] == home["memcpy"] == home["edge_port_putc"] == ".edge_code"
    assert home["edge_conv_2d_s8_dsp"] == ".edge_code"
    assert home["kws01_model"] == ".edge_weights"
    assert home["edge_run_hooked"] == home["main"] == home["edge_app_models"] == ".edge_app"
    assert home["edge_arena_0"] == ".edge_arena.RAM"
    assert home["kws01_ctx"] == ".edge_ctx"
    assert not [name for name in home if name.startswith("edge_transpose_conv")]  # kws01 has none


def _defined(symbol: object) -> bool:
    return isinstance(symbol["st_shndx"], int)  # type: ignore[index]


@pytest.mark.parametrize("board_id", ["mps2-an386", "riscv-virt"])
def test_same_inputs_same_bytes(board_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another copy of the sources, another cache, another temporary folder, and hostile flags around."""
    first = build(board_id, tmp_path / "one").elf.read_bytes()
    copy = tmp_path / "elsewhere" / "a much longer path" / "firmware"
    shutil.copytree(firmware_dir(), copy)
    for module in ("build", "settings"):
        monkeypatch.setattr(f"edgesdk.compile.{module}.firmware_dir", lambda: copy)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    for name, value in {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "CFLAGS": "-O0 -g",
        "LDFLAGS": "-Wl,--build-id=sha1",
        "SOURCE_DATE_EPOCH": "1",
    }.items():
        monkeypatch.setenv(name, value)
    again = build(board_id, tmp_path / "two").elf.read_bytes()
    assert again == first
    assert str(tmp_path).encode() not in again


def test_libraries_are_compiled_once_and_forgotten_at_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    old = tmp_path / "cache/edgesdk/libraries/0123"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    board = load_board("mps2-an385")
    ran: list[tuple[str, ...]] = []
    original = build_module.run_cmake
    monkeypatch.setattr(build_module, "run_cmake", lambda *a: (ran.append(a[4]), original(*a)))
    first = build_firmware(board, sources_for(board), tmp_path / "one")
    second = build_firmware(board, sources_for(board), tmp_path / "two")
    assert ran == [("edge_core", "edge_port", "edge_app")]
    assert first.elf.read_bytes() == second.elf.read_bytes()
    assert not list((tmp_path / "cache").rglob("new-*"))
    assert not old.exists()


@pytest.mark.parametrize("board_id", ["mps2-an386", "riscv-virt", "host"])
def test_cmake_by_hand_gives_the_same_bytes(board_id: str, tmp_path: Path) -> None:
    board = load_board(board_id)
    settings, sources = board_settings(board), sources_for(board)
    model = tmp_path / "my model"
    model.mkdir()
    for name, text in sources.items():
        (model / name).write_text(text)
    script = tmp_path / "edge.ld"
    script.write_text(settings.linker_script)
    variables = settings.definitions()
    variables["EDGE_LINK_FLAGS"] += f";-Wl,-T,{script}"
    variables["EDGE_MODEL_DIR"] = str(model)
    run_cmake(firmware_dir(), tmp_path / "by hand", find_compiler(board), variables, ("firmware",), board)
    elf = build_firmware(board, sources, tmp_path / "out").elf
    assert (tmp_path / "by hand/firmware.elf").read_bytes() == elf.read_bytes()


def test_a_region_that_is_too_small(tmp_path: Path) -> None:
    board = load_board("microbit-v1")
    memory = [m.model_copy(update={"bytes": 4096}) if m.name == "RAM" else m for m in board.memory]
    board = board.model_copy(update={"memory": type(board.memory)(memory)})  # kws01 does not fit it
    out = tmp_path / "out"
    out.mkdir()
    (out / "firmware.elf").write_text("what was there")
    with pytest.raises(EdgeError) as caught:
        build_firmware(board, sources_for(board), out)
    assert caught.value.kind is BUILD_OVERFLOW
    assert "of RAM, which has 4,096" in caught.value.what
    assert [(p.name, p.read_text()) for p in out.iterdir()] == [("firmware.elf", "what was there")]


def test_a_model_that_does_not_compile(tmp_path: Path) -> None:
    board = load_board("mps2-an386")
    with pytest.raises(EdgeError) as caught:
        build_firmware(board, sources_for(board) | {"model_kws01.c": "#error broken"}, tmp_path / "out")
    assert caught.value.kind is BUILD_FAILED
    assert "broken" in caught.value.why.splitlines()[0]
    assert not (tmp_path / "out").exists()


def test_mutable_data_of_a_model_does_not_link(tmp_path: Path) -> None:
    board = load_board("mps2-an386")
    sources = sources_for(board)
    sources["model_kws01.c"] += "\nextern char mutable[2];\nchar mutable[2] = {1};\n"
    sources["edge_models.c"] = "extern char mutable[2];\n" + sources["edge_models.c"].replace('"kws01"}', "mutable}")
    with pytest.raises(EdgeError) as caught:
        build_firmware(board, sources, tmp_path)
    assert "no mutable data" in caught.value.why


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EdgeError) as caught:
        build("mps2-an386", tmp_path / "file")
    assert caught.value.kind is FILE_WRITE


@pytest.mark.parametrize("board_id", ["netduino-plus-2", "microbit-v1"])
def test_a_chip_on_a_board_without_emulator(board_id: str, tmp_path: Path) -> None:
    board = load_board(board_id).model_copy(update={"emulator": None, "id": "bare"})
    model = MODELS / "kws01.tflite"
    sources = emit_sources(prepare(model, board, Options(), fit=False))
    assert build_firmware(board, sources, tmp_path).accounts.flash.other == 0
    with pytest.raises(EdgeError) as caught:
        profile(model, board, Options())
    assert caught.value.kind is BOARD_NO_EMULATOR


def test_a_port_that_is_not_there_is_named() -> None:
    board = load_board("netduino-plus-2")
    ports = board.build.model_copy(update={"ports": ("common", "absent")})
    with pytest.raises(EdgeError, match="absent") as caught:
        board_settings(board.model_copy(update={"build": ports}))
    assert caught.value.kind is BOARD_INVALID


def test_sanitizers_are_the_hosts(tmp_path: Path) -> None:
    board = load_board("mps2-an386")
    with pytest.raises(EdgeError) as caught:
        build_firmware(board, {}, tmp_path, sanitize=True)
    assert caught.value.kind is USAGE
    host = load_board("host")
    firmware = build_firmware(host, sources_for(host), tmp_path, sanitize=True)
    done = subprocess.run([firmware.elf], input=b"name%", capture_output=True, check=False, timeout=60)
    assert (done.returncode, b"m-ready" in done.stdout) == (0, True), done.stderr


def test_every_region_that_is_too_small_is_named(tmp_path: Path) -> None:
    board = load_board("mps2-an386")
    sizes = {"RAM": 8192, "PSRAM": 1024}
    memory = tuple(m.model_copy(update={"bytes": sizes.get(m.name, m.bytes)}) for m in board.memory)
    graph = rewrite(load_model(MODELS / "kws01.tflite"), Options())
    plan = plan_graph(graph, palette_of(*board.families), [Region("RAM", 2_000), Region("PSRAM")])
    sources = emit_app([EmittedModel(plan, "kws01")])
    with pytest.raises(EdgeError) as caught:
        build_firmware(board.model_copy(update={"memory": memory}), sources, tmp_path)
    assert caught.value.kind is BUILD_OVERFLOW
    assert "of RAM, which has 8,192" in caught.value.what
    assert "of PSRAM, which has 1,024" in caught.value.what
