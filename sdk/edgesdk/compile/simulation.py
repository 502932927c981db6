# SPDX-License-Identifier: Apache-2.0
"""Runs a plan on this machine: the same kernels, runtime and model.c, compiled for the host."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edgesdk.emit.model import emit_model
from edgesdk.errors import BUILD_FAILED, TOOL_MISSING, EdgeError
from edgesdk.extension import operator_packages
from edgesdk.model.graph import Array
from edgesdk.model.plan import Plan
from edgesdk.resources import firmware_dir

FLAGS = ("-std=c11", "-O2", "-g", "-fwrapv", "-Wall", "-Wextra", "-Wconversion", "-Werror")
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")


@dataclass(frozen=True)
class Simulated:
    """One inference.

    Args:
        outputs: the model's outputs, in signature order, from edge_run.
        maps: tensor index -> every byte that kernels wrote to it, from the hooked twin.
    """

    outputs: tuple[Array, ...]
    maps: Mapping[int, Array]


@dataclass(frozen=True)
class Simulation:
    """A compiled plan. Delete its folder when done with it."""

    plan: Plan
    executable: Path

    def run(self, inputs: Sequence[Sequence[Array]], *, push: bool = False) -> Iterator[Simulated]:
        """Runs inferences in one process.

        Args:
            inputs: per inference, the input tensors in signature order, in the graph's shapes and types.
            push: push the rows of streamed inputs instead of serving them from a source.

        Raises:
            EdgeError: BUILD_FAILED where the program crashes or a sanitizer stops it; its report is in `why`.
        """
        graph = self.plan.graph
        data = b"".join(np.ascontiguousarray(x).tobytes() for case in inputs for x in case)
        done = subprocess.run(
            [self.executable, *(["push"] if push else [])], input=data, capture_output=True, check=False
        )
        if done.returncode != 0:
            report = done.stderr.decode(errors="backslashreplace")[-4000:]
            raise EdgeError(BUILD_FAILED, f"the host simulation ended with {done.returncode}", why=report)
        stream = memoryview(done.stdout)
        tensors = self.plan.stored
        for _ in inputs:
            outputs = []
            for t in graph.outputs:
                tensor = graph.tensors[t]
                outputs.append(np.frombuffer(stream[: tensor.bytes], tensor.dtype.value).reshape(tensor.shape))
                stream = stream[tensor.bytes :]
            maps: dict[int, bytearray] = {}
            while True:
                index, row, size = struct.unpack_from("<HHI", stream)
                stream = stream[8:]
                if index == 0xFFFF:
                    break
                t = tensors[index]
                whole = maps.setdefault(t, bytearray(graph.tensors[t].bytes))
                whole[row * size : (row + 1) * size] = stream[:size]
                stream = stream[size:]
            yield Simulated(
                tuple(outputs),
                {
                    t: np.frombuffer(bytes(b), graph.tensors[t].dtype.value).reshape(graph.tensors[t].shape)
                    for t, b in maps.items()
                },
            )

    def calls(self, inputs: Sequence[Sequence[Array]], *, push: bool = False) -> list[tuple[Array, ...]]:
        """The outputs of the calls of one clip, one after another over one arena; as `run` otherwise."""
        graph = self.plan.graph
        data = b"".join(np.ascontiguousarray(x).tobytes() for case in inputs for x in case)
        mode = "calls-push" if push else "calls"
        done = subprocess.run([self.executable, mode], input=data, capture_output=True, check=False)
        if done.returncode != 0:
            report = done.stderr.decode(errors="backslashreplace")[-4000:]
            raise EdgeError(BUILD_FAILED, f"the host simulation ended with {done.returncode}", why=report)
        stream = memoryview(done.stdout)
        found = []
        for _ in inputs:
            outputs = []
            for tensor in (graph.tensors[t] for t in graph.outputs):
                outputs.append(np.frombuffer(stream[: tensor.bytes], tensor.dtype.value).reshape(tensor.shape))
                stream = stream[tensor.bytes :]
            found.append(tuple(outputs))
        return found


def compile_simulation(plan: Plan, directory: Path, *, sanitize: bool = False) -> Simulation:
    """Compiles a plan for the host into `directory`.

    Raises:
        EdgeError: TOOL_MISSING, BUILD_FAILED.
    """
    for name, text in emit_model(plan, "sim").items():
        (directory / name).write_text(text)
    sources = [directory / "model_sim.c", firmware_dir() / "host/edge_sim.c"]
    executable = directory / "sim"
    compile_host_program(sources, executable, defines=("-DEDGE_SIM_MODEL=sim_model",), sanitize=sanitize)
    return Simulation(plan, executable)


def compile_host_program(
    sources: Sequence[Path],
    executable: Path,
    *,
    defines: Sequence[str] = (),
    flags: Sequence[str] = (),
    includes: Sequence[Path] = (),
    sanitize: bool = False,
) -> None:
    """Compiles C files and links them with kernels and runtime into a program for this machine.

    Args:
        flags: for the compiler beside the usual ones, kernels and runtime included.
        includes: folders of headers beside firmware's and the program's own.

    Raises:
        EdgeError: TOOL_MISSING, BUILD_FAILED.
    """
    compiler = _compiler()
    used = [*FLAGS, *flags, *(SANITIZERS if sanitize else ())]
    core = _core_library(compiler, used)
    folders = [*_includes(firmware_dir()), f"-I{executable.parent}", *(f"-I{folder}" for folder in includes)]
    files = [str(source) for source in sources]
    _run([compiler, *used, *defines, *folders, *files, str(core), "-o", str(executable)])


def _includes(firmware: Path) -> list[str]:
    folders = [firmware / d for d in ("include", "kernels", "runtime")]
    return [f"-I{folder}" for folder in (*folders, *_packages())]


def _packages() -> list[Path]:
    """Folders with kernels of other packages."""
    return [package.sources for package in operator_packages()]


def _compiler() -> str:
    found = shutil.which(os.environ.get("CC", "cc"))
    if found is None:
        raise EdgeError(
            TOOL_MISSING, "no C compiler for this machine", tries=("install gcc", "set CC to a compiler's name")
        )
    return found


def _core_library(compiler: str, flags: Sequence[str]) -> Path:
    """Kernels and runtime as one archive, compiled once per source text, compiler and flags, in the user's cache."""
    firmware = firmware_dir()
    folders = [firmware / "kernels", firmware / "runtime", *_packages()]
    sources = [source for folder in folders for source in sorted(folder.glob("*.c"))]
    headers = [h for folder in (firmware / "include/edge", *folders) for h in sorted(folder.glob("*.h"))]
    version = subprocess.run([compiler, "--version"], capture_output=True, check=False).stdout
    digest = hashlib.sha256("\0".join([compiler, *flags]).encode() + version)
    for file in [*sources, *headers]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "edgesdk"
    library = cache / f"host-{digest.hexdigest()[:24]}.a"
    if library.exists():
        return library
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        objects = []
        for source in sources:
            variants = [("", ()), ("_hooked", ("-DEDGE_HOOKED",))] if source.stem == "edge_run" else [("", ())]
            for suffix, defines in variants:
                target = Path(scratch) / f"{source.stem}{suffix}.o"
                _run([compiler, *flags, *defines, *_includes(firmware), "-c", str(source), "-o", str(target)])
                objects.append(str(target))
        finished = Path(scratch) / "core.a"
        _run(["ar", "rcsD", str(finished), *objects])
        finished.replace(library)  # atomic: two processes may build the same archive
    return library


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EdgeError(BUILD_FAILED, f"{Path(command[0]).name} failed", why=done.stderr[-4000:])
