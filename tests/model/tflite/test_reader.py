# SPDX-License-Identifier: Apache-2.0
"""The reader takes sound models and refuses contradictions, each with its id and its place."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
import pytest
from model_files import MODELS, model_files

from edgesdk.errors import (
    MODEL_FILE,
    MODEL_INVALID,
    MODEL_MALFORMED,
    MODEL_TYPE,
    OP_OPTIONS,
    OP_UNSUPPORTED,
    EdgeError,
    ErrorKind,
)
from edgesdk.model.graph import DType, Graph, Node, Quantization, Tensor
from edgesdk.model.tflite.flatbuffer import write_int32_vector, write_table
from edgesdk.model.tflite.reader import parse_model, read_model
from edgesdk.model.tflite.writer import write_model

from .graphs import small_graph

EXPECTED = {
    "kws01_dscnn_int8.tflite": (13, (1, 49, 10, 1), (1, 12)),
    "vww01_mobilenetv1_int8.tflite": (31, (1, 96, 96, 3), (1, 2)),
    "ic01_resnet8_int8.tflite": (16, (1, 32, 32, 3), (1, 10)),
    "ad01_int8.tflite": (10, (1, 640), (1, 640)),
    "mcunet_vww1_int8.tflite": (63, (1, 80, 80, 3), (1, 2)),
    "mcunetv2_large_int8.tflite": (163, (1, 224, 224, 3), (1, 2)),
}


def refused(graph: Graph | bytes, kind: ErrorKind) -> EdgeError:
    """The error that a graph, written to a file, or a file's bytes meet."""
    data = graph if isinstance(graph, bytes) else write_model(graph)
    with pytest.raises(EdgeError) as caught:
        parse_model(data, "model.tflite")
    assert caught.value.kind is kind, str(caught.value)
    assert str(caught.value).isprintable()
    return caught.value


def with_tensor(graph: Graph, index: int, **changes: Any) -> Graph:
    return replace(graph, tensors={**graph.tensors, index: replace(graph.tensors[index], **changes)})


def with_node(graph: Graph, index: int, **changes: Any) -> Graph:
    nodes = list(graph.nodes)
    nodes[index] = replace(nodes[index], **changes)
    return replace(graph, nodes=tuple(nodes))


@pytest.mark.parametrize("path", model_files(), ids=lambda p: p.stem)
def test_real_models(path: Path) -> None:
    graph = read_model(path)
    nodes, first, last = EXPECTED[path.name]
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


# files


def test_an_absent_file(tmp_path: Path) -> None:
    assert "no file" in _file_error(tmp_path / "absent.tflite").what


def test_a_folder(tmp_path: Path) -> None:
    assert "not a file" in _file_error(tmp_path).what


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.tflite").touch()
    assert "empty" in _file_error(tmp_path / "empty.tflite").what


def test_an_endless_file() -> None:
    assert "not a file" in _file_error(Path("/dev/zero")).what


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in _file_error(tmp_path / "pipe").what


def test_a_huge_file(tmp_path: Path) -> None:
    with (tmp_path / "huge.tflite").open("wb") as file:
        file.truncate((64 << 20) + 1)
    assert "larger than 64 MiB" in _file_error(tmp_path / "huge.tflite").what


def test_names_no_system_has(tmp_path: Path) -> None:
    _file_error(tmp_path / "nul\0.tflite")
    _file_error(tmp_path / ("a" * 5000))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.tflite"
    path.write_bytes(b"x")
    path.chmod(0)
    assert "cannot be read" in _file_error(path).what


def _file_error(path: Path) -> EdgeError:
    with pytest.raises(EdgeError) as caught:
        read_model(path)
    assert caught.value.kind is MODEL_FILE
    assert str(caught.value).isprintable()
    return caught.value


# containers


def model_bytes(
    *,
    version: int = 3,
    subgraphs: int = 1,
    signature: tuple[int, ...] | None = None,
    code: tuple[int, int] = (55, 0),  # as old converters write it
    custom: str = "",
    tensor: tuple[int, str, int] = (5, "bool", 0),
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
        offsets = [(slot, "offset", part, 0) for slot, part in fields]
        tensors.append(write_table(builder, [*offsets, (1, "int8", 9, 0), (*tensor, 0)]))
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
    data = bytearray(model_bytes(tensor=(9, "int8", 0)))
    error = refused(data.replace(b"\x09\x00\x00\x00\x00\x00\x00", b"") and _typed(code), MODEL_TYPE)
    assert "type" in error.what
    assert error.where.startswith("tensor")
