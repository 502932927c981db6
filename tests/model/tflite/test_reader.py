# SPDX-License-Identifier: Apache-2.0
"""The reader takes sound models and refuses contradictions, each with its id and its place."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import flatbuffers
import pytest

from edgesdk.errors import (
    MODEL_INVALID,
    MODEL_MALFORMED,
    MODEL_TYPE,
    OP_OPTIONS,
    OP_UNSUPPORTED,
    EdgeError,
    ErrorKind,
)
from edgesdk.model.graph import DType, Tensor
from edgesdk.model.tflite.flatbuffer import write_int32_vector, write_table
from edgesdk.model.tflite.reader import parse_model, read_model
from edgesdk.model.tflite.writer import write_model
from model_files import MODELS, model_files

from .graphs import refused, small_graph, with_node, with_tensor

EXPECTED = {
    "kws01": (13, (1, 49, 10, 1), (1, 12)),
    "vww01": (31, (1, 96, 96, 3), (1, 2)),
    "ic01": (16, (1, 32, 32, 3), (1, 10)),
    "ad01": (10, (1, 640), (1, 640)),
    "mcunet_vww1": (63, (1, 80, 80, 3), (1, 2)),
    "mcunetv2_large": (163, (1, 224, 224, 3), (1, 1000)),
}


@pytest.mark.parametrize("path", model_files(), ids=lambda p: p.stem)
def test_real_models(path: Path) -> None:
    graph = read_model(path)
    nodes, first, last = next(v for name, v in EXPECTED.items() if path.stem.startswith(name))
    assert len(graph.nodes) == nodes
    assert [graph.tensors[t].shape for t in graph.inputs] == [first]
    assert [graph.tensors[t].shape for t in graph.outputs] == [last]
    assert graph.name == path.name
    assert graph.crc32 == zlib.crc32(path.read_bytes())
    assert [n.tflite_ops for n in graph.nodes] == [(i,) for i in range(nodes)]


def test_constants_cannot_be_written() -> None:
    graph = parse_model(write_model(small_graph()), "")
    data = graph.tensors[1].data
    assert data is not None
    with pytest.raises(ValueError, match="read-only"):
        data[0] = 1


# containers


def model_bytes(
    *,
    version: int = 3,
    subgraphs: int = 1,
    signature: tuple[int, ...] | None = None,
    code: tuple[int, int] = (55, 0),  # as old converters write it
    custom: str = "",
    tensor: tuple[int, str, int] = (5, "bool", 0),
    dtype: int = 9,
    shape_signature: tuple[int, ...] = (1, 4),
    operands: tuple[tuple[int, ...], tuple[int, ...]] = ((1, 0), (2,)),
) -> bytes:
    """MAXIMUM of inputs 1 and 0 into 2, with what the writer does not write."""
    builder = flatbuffers.Builder(0)
    custom_code = builder.CreateString(custom)
    code_fields = [(0, "int8", code[0], 0), (1, "offset", custom_code, 0), (3, "int32", code[1], 0)]
    codes = [write_table(builder, code_fields)]
    tensors = []
    for name in ("a", "b", "c"):
        fields = [(0, write_int32_vector(builder, (1, 4))), (3, builder.CreateString(name))]
        fields.append((7, write_int32_vector(builder, shape_signature)))
        offsets = [(slot, "offset", part, 0) for slot, part in fields]
        tensors.append(write_table(builder, [*offsets, (1, "int8", dtype, 0), (*tensor, 0)]))
    inputs, outputs = write_int32_vector(builder, (1, 0)), write_int32_vector(builder, (2,))
    vectors = [write_int32_vector(builder, v) for v in operands]
    operator = write_table(builder, [(1, "offset", vectors[0], 0), (2, "offset", vectors[1], 0)])
    parts = [_offsets(builder, tensors), inputs, outputs, _offsets(builder, [operator])]
    subgraph = write_table(builder, [(slot, "offset", part, 0) for slot, part in enumerate(parts)])
    buffers = _offsets(builder, [write_table(builder, [])])
    root = [
        (0, "uint32", version, 0),
        (1, "offset", _offsets(builder, codes), 0),
        (2, "offset", _offsets(builder, [subgraph] * subgraphs), 0),
        (4, "offset", buffers, 0),
    ]
    if signature is not None:
        entries = [
            write_table(builder, [(0, "offset", builder.CreateString(f"x{t}"), 0), (1, "uint32", t, 0)])
            for t in (*signature, 2)
        ]
        listed = (_offsets(builder, entries[:-1]), _offsets(builder, entries[-1:]))
        signed = write_table(builder, [(slot, "offset", part, 0) for slot, part in enumerate(listed)])
        root.append((7, "offset", _offsets(builder, [signed]), 0))
    builder.Finish(write_table(builder, root), file_identifier=b"TFL3")
    return bytes(builder.Output())


def _offsets(builder: flatbuffers.Builder, offsets: list[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def test_inputs_are_in_the_graphs_order_without_a_signature() -> None:
    graph = parse_model(model_bytes(), "")
    assert graph.inputs == (1, 0)
    assert graph.nodes[0].op == "MAXIMUM"


def test_inputs_are_in_the_signatures_order() -> None:
    assert parse_model(model_bytes(signature=(0, 1)), "").inputs == (0, 1)


@pytest.mark.parametrize("signature", [(), (0,), (0, 0), (0, 1, 2), (0, 2**32 - 1)])
def test_a_signature_of_other_tensors(signature: tuple[int, ...]) -> None:
    assert "signature" in refused(model_bytes(signature=signature), MODEL_INVALID).what


def test_other_schema_versions() -> None:
    assert "version 2" in refused(model_bytes(version=2), MODEL_MALFORMED).what


def test_subgraphs() -> None:
    refused(model_bytes(subgraphs=0), MODEL_INVALID)
    assert "2 subgraphs" in refused(model_bytes(subgraphs=2), OP_UNSUPPORTED).what


def test_other_files() -> None:
    refused(b"not a model", MODEL_MALFORMED)
    refused(b"PK\x03\x04" + bytes(100), MODEL_MALFORMED)
    whole = write_model(small_graph())
    for size in range(8, len(whole), 37):
        with pytest.raises(EdgeError):
            parse_model(whole[:size], "")


# operators


@pytest.mark.parametrize(("code", "name"), [((42, 42), "DIV"), ((127, 150), "GELU"), ((32, 0), "CUSTOM 'x'")])
def test_unsupported_operators_are_named_with_layer_and_shape(code: tuple[int, int], name: str) -> None:
    error = refused(model_bytes(code=code, custom="x"), OP_UNSUPPORTED)
    assert error.what == f"operator {name} is not supported"
    assert error.where == f"layer 0 ({name}), tensor 'c'"
    assert "[1, 4]" in error.why


def test_a_custom_operators_name_is_escaped() -> None:
    error = refused(model_bytes(code=(32, 32), custom="\x1b[2J\n" + "x" * 10000), OP_UNSUPPORTED)
    assert r"\x1b[2J\n" in error.what
    assert len(str(error)) < 500


def test_operators_that_no_schema_has() -> None:
    assert "number 5000" in refused(model_bytes(code=(127, 5000)), OP_UNSUPPORTED).what
    refused(model_bytes(code=(-1, -1)), MODEL_MALFORMED)
    refused(model_bytes(code=(55, 42)), MODEL_MALFORMED)
    refused(model_bytes(code=(-128, 42)), MODEL_MALFORMED)


@pytest.mark.parametrize("field", [(5, "bool", 1), (10, "uint32", 1)])
def test_variables_and_external_data(field: tuple[int, str, int]) -> None:
    refused(model_bytes(tensor=field), MODEL_TYPE)


@pytest.mark.parametrize("code", [1, 8, 10, 13, 17])
def test_other_element_types(code: int) -> None:
    error = refused(model_bytes(dtype=code), MODEL_TYPE)
    assert "element type" in error.what
    assert error.where == "tensor 0 'a'"


def test_element_types_that_no_schema_has() -> None:
    refused(model_bytes(dtype=99), MODEL_MALFORMED)
    refused(model_bytes(dtype=-1), MODEL_MALFORMED)


@pytest.mark.parametrize(
    ("operands", "kind"),
    [
        (((0, 1), (3,)), MODEL_INVALID),
        (((0, 3), (2,)), MODEL_INVALID),
        (((0, -2), (2,)), MODEL_INVALID),
        (((0, 2**31 - 1), (2,)), MODEL_INVALID),
        (((0, 1), (-1,)), MODEL_INVALID),
        (((0, 1), ()), MODEL_INVALID),
        (((0, 2), (2,)), MODEL_INVALID),
        (((0, 1), (0,)), MODEL_INVALID),
        (((0, 1), (2, 2)), MODEL_INVALID),
    ],
)
def test_operands_that_cannot_be(operands: tuple[tuple[int, ...], tuple[int, ...]], kind: ErrorKind) -> None:
    assert "layer 0" in refused(model_bytes(operands=operands), kind).where


@pytest.mark.parametrize(
    ("signature", "kind"),
    [
        ((-1, 4), None),
        ((1, 4), None),
        ((1, -1), OP_OPTIONS),
        ((-1, 5), MODEL_INVALID),
        ((-1,), MODEL_INVALID),
    ],
)
def test_open_shapes(signature: tuple[int, ...], kind: ErrorKind | None) -> None:
    """Converters leave the batch open; nothing else may be."""
    data = model_bytes(shape_signature=signature)
    if kind is None:
        assert parse_model(data, "").tensors[0].shape == (1, 4)
    else:
        refused(data, kind)


def test_whatever_one_byte_becomes_the_file_is_read_or_refused() -> None:
    data = write_model(small_graph())
    seen = set()
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 0x80
        try:
            parse_model(bytes(changed), "")
        except EdgeError as error:
            seen.add(error.kind)
    assert {MODEL_MALFORMED, MODEL_INVALID} <= seen


def test_unused_tensors_are_left_out() -> None:
    graph = small_graph()
    tensors = {**graph.tensors, 9: Tensor(9, "unused", (1,), DType.INT8)}
    assert 9 not in parse_model(write_model(replace(graph, tensors=tensors)), "").tensors


def test_omitted_operands() -> None:
    graph = with_node(small_graph(), 0, inputs=(0, 1, -1))
    read = parse_model(write_model(graph), "")
    assert read.input(read.nodes[0], 2) is None


def test_float_ranges_are_no_quantization() -> None:
    changed = with_tensor(small_graph(), 0, dtype=DType.FLOAT32)
    assert parse_model(write_model(changed), "").tensors[0].quantization is None


@pytest.mark.parametrize(
    "name", ["*/", '"', "\n", "\x1b[31m", "../../x", "", "a" * 10240, "\u202e", "naïve", "\x00", "\ud800"]
)
def test_hostile_names_come_back_and_are_escaped_in_errors(name: str) -> None:
    graph = with_tensor(small_graph(), 3, name=name)
    read = parse_model(write_model(graph), "").tensors[3].name
    assert read == name.encode("utf-8", "backslashreplace").decode()
    error = refused(with_tensor(graph, 3, dtype=DType.INT8, shape=(0,)), MODEL_INVALID)
    assert len(str(error)) < 300


def test_names_that_are_not_utf8() -> None:
    data = write_model(with_tensor(small_graph(), 3, name="qqqq")).replace(b"qqqq", b"q\xff\xfeq")
    assert parse_model(data, "").tensors[3].name == r"q\xff\xfeq"


def test_every_benchmark_model_is_in_the_repository() -> None:
    assert {p.stem for p in MODELS.glob("*.tflite")} >= {"ad01", "ic01", "kws01", "vww01"}
