# SPDX-License-Identifier: Apache-2.0
"""A .tflite file into a Graph, everything checked but what the operators themselves check (ops/check.py)."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edgesdk.errors import MODEL_FILE, MODEL_INVALID, MODEL_MALFORMED, OP_UNSUPPORTED, EdgeError
from edgesdk.model.graph import Graph, Node
from edgesdk.model.located import layer_place, located
from edgesdk.model.tflite.builtin_names import BUILTIN_NAMES, CUSTOM
from edgesdk.model.tflite.codec import Codec, CustomCodec
from edgesdk.model.tflite.flatbuffer import Table, root_table
from edgesdk.model.tflite.flexbuffer import read_map
from edgesdk.model.tflite.registry import codecs, custom_codecs
from edgesdk.model.tflite.tensors import Buffers, read_tensor, tensor_name, tensor_shape
from edgesdk.model.wiring import check_wiring
from edgesdk.text import printable

IDENTIFIER = b"TFL3"
_OTHERS = {b"\x89HDF\r\n": "an HDF5 file, as Keras's .h5 is", b"PK\x03\x04": "a zip archive, as .keras is"}
SCHEMA_VERSION = 3
MAX_BYTES = 64 << 20
FLEXBUFFERS = 0  # the schema's only CustomOptionsFormat
OMITTED = -1  # the index of an optional input that a node does not have


def read_model(path: Path) -> Graph:
    """The graph of a .tflite file.

    Raises:
        EdgeError: MODEL_FILE where the file cannot be read, else what `parse_model` raises.
    """
    shown = printable(str(path), 200)
    try:
        # A pipe or a device could block or never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise EdgeError(MODEL_FILE, f"{shown} is not a file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise EdgeError(MODEL_FILE, f"there is no file {shown}") from error
    except (OSError, ValueError) as error:
        raise EdgeError(MODEL_FILE, f"{shown} cannot be read", why=printable(str(error), 200)) from error
    if not data:
        raise EdgeError(MODEL_FILE, f"{shown} is empty")
    if len(data) > MAX_BYTES:
        raise EdgeError(MODEL_FILE, f"{shown} is larger than {MAX_BYTES >> 20} MiB")
    return parse_model(data, path.name)


def parse_model(data: bytes, name: str) -> Graph:
    """The graph of a .tflite file's bytes.

    Tensors that no operator uses are left out. Inputs and outputs come in the order of the file's only
    signature for the graph, and in the graph's own order where the file has none or several.

    Args:
        name: the file's name.

    Raises:
        EdgeError: MODEL_MALFORMED, MODEL_INVALID, MODEL_TYPE, OP_UNSUPPORTED or OP_OPTIONS.
    """
    for begin, other in _OTHERS.items():
        if data.startswith(begin):
            raise EdgeError(
                MODEL_MALFORMED,
                f"the file is {other}, no .tflite file",
                tries=("convert it: edgesdk convert MODEL -o OUT.tflite --calibration DATA.npz",),
            )
    root = root_table(data, IDENTIFIER)
    version = root.uint32(0)
    if version != SCHEMA_VERSION:
        raise EdgeError(MODEL_MALFORMED, f"the file has schema version {version}, not {SCHEMA_VERSION}")
    subgraphs = root.vector_tables(2) or ()
    if len(subgraphs) != 1:
        kind = OP_UNSUPPORTED if subgraphs else MODEL_INVALID
        raise EdgeError(kind, f"the model has {len(subgraphs)} subgraphs, not one", why="control flow is not supported")
    subgraph = subgraphs[0]
    tables = subgraph.vector_tables(0) or ()
    kinds = [_operator_kind(code) for code in root.vector_tables(1) or ()]
    nodes = tuple(_node(i, t, kinds, tables) for i, t in enumerate(subgraph.vector_tables(3) or ()))
    inputs, outputs = _boundary(root, subgraph, len(tables))
    used = {*inputs, *outputs, *(t for n in nodes for t in (*n.inputs, *n.outputs) if t != OMITTED)}
    buffers = Buffers(root.vector_tables(4) or ())
    tensors = {t: read_tensor(t, tables[t], buffers) for t in sorted(used)}
    graph = Graph(name, zlib.crc32(data), tensors, nodes, inputs, outputs)
    check_wiring(graph)
    return graph


@dataclass(frozen=True)
class _OperatorKind:
    """An operator code of the file; the codec is None where we have none."""

    name: str
    codec: Codec | CustomCodec | None


def _operator_kind(table: Table) -> _OperatorKind:
    # Old files have the code in the first field alone, a byte; new ones in the last, copied to the first.
    old, new = table.int8(0), table.int32(3)
    number = max(old, new)
    if number >= len(BUILTIN_NAMES):
        return _OperatorKind(f"number {number}", None)
    if number < 0 or (old not in (0, 127) and new not in (0, old)):
        raise EdgeError(MODEL_MALFORMED, f"an operator has the codes {old} and {new}")
    if number == CUSTOM:
        custom = (table.string(1) or b"").decode("utf-8", errors="backslashreplace")
        codec = custom_codecs().get(custom)
        return _OperatorKind(codec.op if codec else f"CUSTOM '{printable(custom)}'", codec)
    return _OperatorKind(BUILTIN_NAMES[number], codecs().get(BUILTIN_NAMES[number]))


def _node(index: int, table: Table, kinds: Sequence[_OperatorKind], tables: Sequence[Table]) -> Node:
    with located(f"layer {index}"):
        code = table.uint32(0)
        if code >= len(kinds):
            raise EdgeError(MODEL_INVALID, f"it has operator code {code} of {len(kinds)}")
        inputs, outputs = table.vector_int32(1) or (), table.vector_int32(2) or ()
        for t in (*inputs, *outputs):
            if t != OMITTED:
                _check_index(t, len(tables))
        if not outputs or OMITTED in outputs:
            raise EdgeError(MODEL_INVALID, "it has no output")
    kind = kinds[code]
    with located(layer_place(index, kind.name, tensor_name(tables[outputs[0]]))):
        if kind.codec is None:
            raise EdgeError(
                OP_UNSUPPORTED,
                f"operator {kind.name} is not supported",
                why=f"it makes {list(tensor_shape(tables[outputs[0]]))}",
            )
        if isinstance(kind.codec, CustomCodec):
            options = kind.codec.read(read_map(_custom_options(table)))
        else:
            options = kind.codec.read(_options(table, kind.codec))
    return Node(kind.name, inputs, outputs, options, (index,))


def _options(table: Table, codec: Codec) -> Table | None:
    """The options table; None where the file or the operator has none."""
    found = table.uint8(3)
    if codec.write is None or found == 0:
        return None
    if found != codec.options_type:
        raise EdgeError(MODEL_MALFORMED, f"its options are of type {found}, not {codec.options_type}")
    return table.table(4)


def _custom_options(table: Table) -> bytes:
    """The FlexBuffer with a custom operator's options."""
    if table.int8(6) != FLEXBUFFERS:
        raise EdgeError(MODEL_MALFORMED, f"its custom options have format {table.int8(6)}, not {FLEXBUFFERS}")
    options = table.string(5)
    if options is None:
        raise EdgeError(MODEL_MALFORMED, "the operator has no options")
    return options


def _boundary(root: Table, subgraph: Table, tensors: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The graph's inputs and outputs in signature order."""
    inputs, outputs = subgraph.vector_int32(1) or (), subgraph.vector_int32(2) or ()
    for what, own in (("input", inputs), ("output", outputs)):
        with located(f"the graph's {what}s"):
            if not own:
                raise EdgeError(MODEL_INVALID, f"the model has no {what}")
            for t in own:
                _check_index(t, tensors)
            if len(set(own)) != len(own):
                raise EdgeError(MODEL_INVALID, f"a tensor is listed twice as {what}")
    signatures = [s for s in root.vector_tables(7) or () if s.uint32(4) == 0]
    if len(signatures) != 1:
        return inputs, outputs
    return _signed(signatures[0], 0, inputs), _signed(signatures[0], 1, outputs)


def _signed(signature: Table, slot: int, own: tuple[int, ...]) -> tuple[int, ...]:
    order = tuple(entry.uint32(1) for entry in signature.vector_tables(slot) or ())
    if sorted(order) != sorted(own):
        raise EdgeError(MODEL_INVALID, f"the signature lists tensors {list(order)[:8]}, the graph {list(own)[:8]}")
    return order


def _check_index(index: int, tensors: int) -> None:
    if not 0 <= index < tensors:
        raise EdgeError(MODEL_INVALID, f"it names tensor {index} of {tensors}")
