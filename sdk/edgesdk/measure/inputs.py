# SPDX-License-Identifier: Apache-2.0
"""Inputs for measuring and checking: the default one, random ones, and those of a user's file."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile

from edgesdk.errors import DATA_INVALID, EdgeError
from edgesdk.model.graph import Array, DType, Graph, Tensor
from edgesdk.text import printable

Case = tuple[Array, ...]

# What numpy and zipfile raise for files that are absent, cut off, damaged, encrypted, or claim absurd sizes.
_UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)


def default_case(graph: Graph) -> Case:
    """in[i] = (int8)((i * 37 + 11) & 0xff), i running on over all inputs; uint8: the same with the top bit flipped;
    float32: the int8 value times 1/16."""
    start, arrays = 0, []
    for t in graph.inputs:
        tensor = graph.tensors[t]
        index = np.arange(start, start + tensor.elements, dtype=np.int64)
        start += tensor.elements
        arrays.append(_as_type(((index * 37 + 11) & 0xFF).astype(np.uint8).view(np.int8), tensor))
    return tuple(arrays)


def random_cases(graph: Graph, count: int, seed: int) -> Iterator[Case]:
    """One third uniform, one third uniform within 16 of the zero point, one third extremes and edges."""
    generator = np.random.default_rng(seed)
    for i in range(count):
        yield tuple(_as_type(_random(generator, graph.tensors[t], i), graph.tensors[t]) for t in graph.inputs)


def _random(generator: np.random.Generator, tensor: Tensor, i: int) -> Array:
    if i % 3 == 0:
        return generator.integers(-128, 128, tensor.elements).astype(np.int8)
    if i % 3 == 1:
        zero = tensor.zero_point - (128 if tensor.dtype is DType.UINT8 else 0)
        return np.clip(zero + generator.integers(-16, 17, tensor.elements), -128, 127).astype(np.int8)
    match (i // 3) % 3:
        case 0:
            return np.full(tensor.elements, (-128, 127)[(i // 9) % 2], np.int8)
        case 1:
            return generator.choice(np.array([-128, 127], np.int8), tensor.elements)
        case _:
            rows, width, channels = tensor.rows_shape
            edge = np.full((rows, width, channels), tensor.zero_point if tensor.dtype is DType.INT8 else 0, np.int8)
            border = generator.integers(-128, 128, edge.shape).astype(np.int8)
            edge[[0, -1]] = border[[0, -1]]
            edge[:, [0, -1]] = border[:, [0, -1]]
            return edge.reshape(-1)


def _as_type(values: Array, tensor: Tensor) -> Array:
    if tensor.dtype is DType.UINT8:
        values = values.view(np.uint8) ^ np.uint8(0x80)
    elif tensor.dtype is not DType.INT8:
        values = (values.astype(np.float32) / 16).astype(tensor.dtype.value)
    return values.reshape(tensor.shape)


def load_cases(graph: Graph, path: Path, *, beside: Sequence[str] = ()) -> list[Case]:
    """The inferences of an .npz file: one array per input, named by the input's position ("0", "1", ...) or, for one
    input, by any name; the first axis counts inferences, and a batch axis of 1 behind it may be left out.

    Args:
        beside: names of arrays that are no inputs.

    Raises:
        EdgeError: DATA_INVALID with the array, its shape and what was expected.
    """
    arrays = {name: array for name, array in read_arrays(path).items() if name not in beside}
    columns = _columns(graph, arrays, path)
    counts = {len(c) for c in columns}
    if len(counts) != 1 or counts == {0}:
        raise EdgeError(
            DATA_INVALID, "the arrays hold different numbers of inferences, or none", where=printable(str(path))
        )
    return [tuple(column[i] for column in columns) for i in range(counts.pop())]


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of an .npz file by name.

    Raises:
        EdgeError: DATA_INVALID where it cannot be read or is none.
    """
    where = printable(str(path))
    arrays: dict[str, Array] = {}
    try:
        file = np.load(path, allow_pickle=False)
        if isinstance(file, NpzFile):
            with file:
                arrays = {name: file[name] for name in file.files}
    except _UNREADABLE as error:
        raise EdgeError(DATA_INVALID, "the data file cannot be read", where=where, why=printable(str(error))) from None
    if not arrays or not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise EdgeError(DATA_INVALID, "the data file is no .npz file of arrays", where=where)
    return arrays


def _columns(graph: Graph, arrays: dict[str, Array], path: Path) -> Sequence[Array]:
    names = sorted(arrays) if len(graph.inputs) == len(arrays) == 1 else [str(k) for k in range(len(graph.inputs))]
    columns = []
    for name, t in zip(names, graph.inputs, strict=True):
        tensor, where = graph.tensors[t], printable(f"{path}[{name}]")
        if name not in arrays:
            raise EdgeError(DATA_INVALID, f"the file has no array {name!r}", where=printable(str(path)))
        array = arrays[name]
        shapes = [tensor.shape, tensor.shape[1:]] if tensor.shape[:1] == (1,) else [tensor.shape]
        if array.dtype.name != tensor.dtype.value or array.ndim < 1 or array.shape[1:] not in shapes:
            expected = " or ".join(f"({', '.join(('n', *map(str, shape)))})" for shape in shapes)
            why = f"shape {array.shape} {array.dtype}, expected {expected} {tensor.dtype.value}"
            raise EdgeError(DATA_INVALID, why, where=where)
        columns.append(array.reshape(len(array), *tensor.shape))
    return columns
