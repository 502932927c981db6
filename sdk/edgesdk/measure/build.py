# SPDX-License-Identifier: Apache-2.0
"""From model files to a firmware image on disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.compile.build import Firmware, build_firmware
from edgesdk.emit import EmittedModel, emit_app
from edgesdk.errors import FILE_WRITE, EdgeError
from edgesdk.measure.accounts import check_reserves, flash_account, ram_account
from edgesdk.measure.prepare import Prepared, prepare_all
from edgesdk.measure.results import BuildResult, FirmwareModel
from edgesdk.model.plan import Options


def build(
    models: Sequence[Path], board: Board, options: Options, output: Path, *, ram: int | None = None
) -> BuildResult:
    """Plans, emits and compiles models into `output`: firmware.elf and the generated C sources.

    Raises:
        EdgeError: as `prepare_all` does, TOOL_MISSING, BUILD_FAILED, BUILD_OVERFLOW, FILE_WRITE.
    """
    prepared = prepare_all(models, board, options, ram)
    sources = emit_sources(*prepared)
    with tempfile.TemporaryDirectory(prefix="edgesdk-") as scratch:
        firmware = build_prepared(board, sources, Path(scratch))
        for name, text in sources.items():
            (Path(scratch) / name).write_text(text)
        _publish(Path(scratch), [firmware.elf.name, *sources], output)
    return BuildResult(
        board=board.id,
        models=firmware_models(prepared),
        optimize=options.optimize,
        input=options.input,
        directory=output,
        elf=output / firmware.elf.name,
        files=tuple(output / name for name in sorted(sources)),
        compiler=firmware.compiler,
        ram=ram_account(board, firmware.accounts),
        flash=flash_account(board, firmware.accounts),
        stream=options.stream,
        output=options.output,
    )


def emit_sources(*models: Prepared) -> Mapping[str, str]:
    """The generated C files of a firmware with these models."""
    return emit_app([EmittedModel(m.plan, m.prefix) for m in models])


def build_prepared(board: Board, sources: Mapping[str, str], output: Path) -> Firmware:
    """The firmware of planned models, in `output`, held against the board file's reserves."""
    firmware = build_firmware(board, sources, output)
    if board.build.arch != "host":
        check_reserves(board, firmware.accounts)
    return firmware


def firmware_models(models: Sequence[Prepared]) -> tuple[FirmwareModel, ...]:
    """What the results of `build` and `flash` say of the models."""
    return tuple(FirmwareModel(m.path.name, f"{m.plan.graph.crc32:08x}", f"{m.plan.crc32:08x}") for m in models)


def _publish(scratch: Path, names: Sequence[str], output: Path) -> None:
    """Copies finished files into `output`: each under a temporary name first, then all renamed: a failure leaves
    the folder as it was and nobody ever finds half a file."""
    staged = [(output / f".{name}.{os.getpid()}", output / name) for name in names]
    try:
        output.mkdir(parents=True, exist_ok=True)
        for (temporary, _), name in zip(staged, names, strict=True):
            shutil.copy(scratch / name, temporary)
        for temporary, target in staged:
            temporary.replace(target)
    except OSError as error:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise EdgeError(FILE_WRITE, f"{output} cannot be written", why=error.strerror or "") from None
