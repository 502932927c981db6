# SPDX-License-Identifier: Apache-2.0
"""A Graph into a .tflite file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flatbuffers
import numpy as np

from edgesdk.model.graph import DType, Graph, Node, Quantization, Tensor
from edgesdk.model.tflite.builtin_names import CUSTOM
from edgesdk.model.tflite.enums import tensor_type_code
from edgesdk.model.tflite.flatbuffer import write_int32_vector, write_table
from edgesdk.model.tflite.flexbuffer import write_map
from edgesdk.model.tflite.reader import IDENTIFIER, SCHEMA_VERSION
from edgesdk.model.tflite.registry import codecs, custom_codecs

DATA_ALIGNMENT = 16  # interpreters read weights in place
_LAST_BYTE_CODE = 127  # operators above it have their number in the second field alone


def write_model(graph: Graph) -> bytes:
    """The .tflite file of a graph; reading it gives the graph back, tensor indices and input order included.

    Args:
        graph: its operators have codecs, and its options no explicit padding (`pads`), which no file holds.
    """
    weights = sum(t.data.nbytes for t in graph.tensors.values() if t.data is not None)
    builder = flatbuffers.Builder(1024 + weights)
    used = {
        *graph.inputs,
        *graph.outputs,
        *(t for n in graph.nodes for t in (*n.inputs, *n.outputs) if t >= 0),
    }
    # Indices between the used ones keep their place with tensors that nothing reads.
    listed = [
        graph.tensors[t] if t in used else Tensor(t, "", (1,), DType.INT8) for t in range(max(used, default=-1) + 1)
    ]
    constants = [t for t in listed if t.constant]
    slots = {t.index: k + 1 for k, t in enumerate(constants)}  # buffer 0 is the empty one of all activations
    buffers = [write_table(builder, []), *(_buffer(builder, t) for t in constants)]
    kinds = list(dict.fromkeys(node.op for node in graph.nodes))
    codes = [_operator_code(builder, op) for op in kinds]
    tensors = [_tensor(builder, t, slots.get(t.index, 0)) for t in listed]
    operators = [_operator(builder, node, kinds.index(node.op)) for node in graph.nodes]
    subgraph = write_table(
        builder,
        [
            (0, "offset", _offsets(builder, tensors), 0),
            (1, "offset", write_int32_vector(builder, graph.inputs), 0),
            (2, "offset", write_int32_vector(builder, graph.outputs), 0),
            (3, "offset", _offsets(builder, operators), 0),
            (4, "offset", builder.CreateString("main"), 0),
        ],
    )
    model = write_table(
        builder,
        [
            (0, "uint32", SCHEMA_VERSION, 0),
            (1, "offset", _offsets(builder, codes), 0),
            (2, "offset", _offsets(builder, [subgraph]), 0),
            (3, "offset", builder.CreateString("edgesdk"), 0),
            (4, "offset", _offsets(builder, buffers), 0),
        ],
    )
    builder.Finish(model, file_identifier=IDENTIFIER)
    return bytes(builder.Output())


def _operator_code(builder: flatbuffers.Builder, op: str) -> int:
    custom = op in custom_codecs()
    number = CUSTOM if custom else codecs()[op].builtin
    fields = [(0, "int8", min(number, _LAST_BYTE_CODE), 0), (2, "int32", 1, 1), (3, "int32", number, 0)]
    if custom:
        fields.append((1, "offset", builder.CreateString(op), 0))
    return write_table(builder, fields)


def _operator(builder: flatbuffers.Builder, node: Node, kind: int) -> int:
    fields = [
        (0, "uint32", kind, 0),
        (1, "offset", write_int32_vector(builder, node.inputs), 0),
        (2, "offset", write_int32_vector(builder, node.outputs), 0),
    ]
    if node.op in custom_codecs():
        options = write_map(custom_codecs()[node.op].write(node.options))
        fields.append((5, "offset", builder.CreateByteVector(options), 0))
    elif (codec := codecs()[node.op]).write is not None:
        fields += [(3, "uint8", codec.options_type, 0), (4, "offset", codec.write(builder, node.options), 0)]
    return write_table(builder, fields)


def _tensor(builder: flatbuffers.Builder, tensor: Tensor, buffer: int) -> int:
    name = builder.CreateString(tensor.name.encode("utf-8", errors="backslashreplace"))
    quantization = 0 if tensor.quantization is None else _quantization(builder, tensor.quantization)
    return write_table(
        builder,
        [
            (0, "offset", write_int32_vector(builder, tensor.shape), 0),
            (1, "int8", tensor_type_code(tensor.dtype), 0),
            (2, "uint32", buffer, 0),
            (3, "offset", name, 0),
            (4, "offset", quantization, 0),
        ],
    )


def _quantization(builder: flatbuffers.Builder, quantization: Quantization) -> int:
    return write_table(
        builder,
        [
            (2, "offset", _vector(builder, 4, quantization.scale, builder.PrependFloat32), 0),
            (3, "offset", _vector(builder, 8, quantization.zero_point, builder.PrependInt64), 0),
            (6, "int32", quantization.axis, 0),
        ],
    )


def _buffer(builder: flatbuffers.Builder, tensor: Tensor) -> int:
    array = np.asarray(tensor.data)
    data = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    builder.StartVector(1, len(data), DATA_ALIGNMENT)
    builder.head = builder.Head() - len(data)
    builder.Bytes[builder.Head() : builder.Head() + len(data)] = data
    return write_table(builder, [(0, "offset", builder.EndVector(), 0)])


def _offsets(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    return _vector(builder, 4, offsets, builder.PrependUOffsetTRelative)


def _vector(builder: flatbuffers.Builder, size: int, values: Sequence[float], prepend: Callable[[float], None]) -> int:
    builder.StartVector(size, len(values), size)
    for value in reversed(values):
        prepend(value)
    return int(builder.EndVector())
