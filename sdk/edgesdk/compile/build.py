# SPDX-License-Identifier: Apache-2.0
"""From generated sources to a firmware ELF."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgesdk import __version__
from edgesdk.boards import Board
from edgesdk.compile.accounts import Accounts, read_accounts
from edgesdk.compile.cmake import run_cmake
from edgesdk.compile.command import run_command
from edgesdk.compile.settings import Settings, board_settings
from edgesdk.compile.toolchains import Tool, binary_tool, cache_dir, find_compiler, tool_version
from edgesdk.errors import FILE_WRITE, EdgeError
from edgesdk.extension import operator_packages
from edgesdk.resources import firmware_dir

_KEEP_S = 7 * 24 * 3600.0  # libraries that no build has used for a week are removed


@dataclass(frozen=True)
class Firmware:
    """A built firmware.

    Args:
        elf: its file; for the host, a program.
        compiler: its name and version.
        flags: what names the core.
    """

    elf: Path
    board: Board
    accounts: Accounts
    compiler: str
    flags: tuple[str, ...]


def build_firmware(
    board: Board,
    sources: Mapping[str, str],
    out_dir: Path,
    *,
    test_defines: Sequence[str] = (),
    sanitize: bool = False,
) -> Firmware:
    """Compiles model sources with the firmware and links them into `out_dir`/firmware.elf.

    The same inputs give the same bytes, wherever they lie. Nothing of `out_dir` changes where it fails.

    Args:
        sources: file name -> text of model_*.c, model_*.h and edge_models.c.
        test_defines: NAME or NAME=VALUE for every C file; of the tests only.
        sanitize: address and undefined behaviour sanitizers; for the host only.

    Raises:
        EdgeError: TOOL_MISSING, BUILD_FAILED, BUILD_OVERFLOW; FILE_WRITE for `out_dir`.
    """
    compiler = find_compiler(board)
    version = tool_version(compiler)
    settings = board_settings(board, test_defines, sanitize)
    libraries = _libraries(compiler, version, settings)
    with tempfile.TemporaryDirectory(prefix="edgesdk-") as scratch:
        work = Path(scratch)
        model_dir = work / "model"
        model_dir.mkdir()
        for name, text in sources.items():
            (model_dir / name).write_text(text)
        script = work / "edge.ld"
        script.write_text(settings.linker_script)
        built = work / "firmware.elf"
        _compile(model_dir, compiler, libraries, board)
        _link(built, script, model_dir, compiler, libraries, board)
        accounts = read_accounts(built, board)
        elf = out_dir / "firmware.elf"
        _move(built, elf)
    return Firmware(elf, board, accounts, version, board.build.flags)


def library_folder(board: Board) -> Path:
    """The folder with the archives that no model changes: runtime and kernels, port, application. Raises EdgeError
    TOOL_MISSING and BUILD_FAILED."""
    compiler = find_compiler(board)
    return _libraries(compiler, tool_version(compiler), board_settings(board))


def _compile(model_dir: Path, compiler: Tool, libraries: Path, board: Board) -> None:
    """Every C file of `model_dir` into its libedge_model.a.

    The compiler is called directly: it takes a tenth of the time that CMake takes to find out about it.
    """
    firmware = firmware_dir()  # compile.txt names include folders of it
    arguments = [
        *(libraries / "compile.txt").read_text().splitlines(),
        *(f"-ffile-prefix-map={path}={name}" for path, name in ((firmware, "firmware"), (model_dir, "model"))),
        f"-I{model_dir}",
    ]
    objects = []
    for source in sorted(model_dir.glob("*.c")):
        target = source.with_suffix(".c.o")
        run_command([str(compiler.path), *arguments, "-c", str(source), "-o", str(target)], firmware, compiler, board)
        objects.append(target.name)
    archiver = str(binary_tool(compiler, "ar"))
    run_command([archiver, "qcsD", "libedge_model.a", *objects], model_dir, compiler, board)


def _link(elf: Path, script: Path, model_dir: Path, compiler: Tool, libraries: Path, board: Board) -> None:
    arguments = (libraries / "link.txt").read_text().splitlines()
    command = [str(compiler.path), f"-Wl,-T,{script}", f"-L{libraries}", f"-L{model_dir}", *arguments]
    run_command([*command, "-o", str(elf)], model_dir, compiler, board)


def _libraries(compiler: Tool, version: str, settings: Settings) -> Path:
    """Runtime, kernels, port and application, which no model changes: compiled once per text, compiler and board."""
    cache = cache_dir() / "libraries"
    key = _key(compiler, version, settings)
    ready = cache / key
    if ready.is_dir():
        os.utime(ready)
        return ready
    cache.mkdir(parents=True, exist_ok=True)
    _prune(cache)
    with tempfile.TemporaryDirectory(prefix="edgesdk-") as scratch:
        build = Path(scratch) / "build"
        run_cmake(
            firmware_dir(),
            build,
            compiler,
            settings.definitions(),
            ("edge_core", "edge_port", "edge_app"),
            settings.board,
        )
        staged = Path(tempfile.mkdtemp(dir=cache, prefix="new-"))
        for file in (*build.glob("libedge_*.a"), build / "compile.txt", build / "link.txt"):
            shutil.copyfile(file, staged / file.name)
    if _key(compiler, version, settings) != key:
        shutil.rmtree(staged)  # a source changed meanwhile: these bytes are of no one text
        return _libraries(compiler, version, settings)
    try:
        staged.rename(ready)
    except OSError:  # another process was faster; its files are the same
        shutil.rmtree(staged)
    return ready


def _key(compiler: Tool, version: str, settings: Settings) -> str:
    firmware = firmware_dir()
    digest = hashlib.sha256(repr((__version__, str(compiler.path), version, settings.definitions())).encode())
    for path in sorted(firmware.rglob("*")):
        if path.suffix in (".c", ".h", ".S", ".txt"):
            digest.update(f"\0{path.relative_to(firmware)}\0".encode() + path.read_bytes())
    for package in operator_packages():
        for path in sorted(package.sources.iterdir()):
            digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _prune(cache: Path) -> None:
    for entry in cache.iterdir():
        try:
            if time.time() - entry.stat().st_mtime > _KEEP_S:
                shutil.rmtree(entry, ignore_errors=True)
        except FileNotFoundError:  # another process prunes too
            continue


def _move(built: Path, target: Path) -> None:
    """Into place in one step, so that nobody ever finds half a file."""
    staged = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(built, staged)
        staged.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):  # there is no folder to hold it
            staged.unlink(missing_ok=True)
        raise EdgeError(FILE_WRITE, f"{target} cannot be written", why=error.strerror or "") from None
