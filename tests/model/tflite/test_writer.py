# SPDX-License-Identifier: Apache-2.0
"""What the writer writes, the reader reads back, and TFLite Micro runs."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import DType, Graph, Node, Quantization, Tensor
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.flatbuffer import root_table
from edgesdk.model.tflite.reader import parse_model, read_model
from edgesdk.model.tflite.registry import codecs
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.model.tflite.writer import write_model
from model_files import model_files
from oracle import OracleInterpreter
from random_graphs import random_case, random_graph
from single_node import random_input

from .graphs import assert_same_graph, small_graph


@pytest.mark.parametrize("path", model_files(), ids=lambda p: p.stem)
def test_real_models_come_back(path: Path) -> None:
    graph = read_model(path)
    assert_same_graph(parse_model(write_model(graph), path.name), graph)


@pytest.mark.parametrize("path", model_files(), ids=lambda p: p.stem)
def test_rewritten_models_compute_the_same(path: Path) -> None:
    runtime = pytest.importorskip("tflite_micro.python.tflite_micro.runtime")
    graph = read_model(path)
    first = graph.tensors[graph.inputs[0]]
    rng = np.random.default_rng(1)
    if first.dtype is DType.FLOAT32:
        value = rng.standard_normal(first.shape).astype(np.float32)
    else:
        value = random_input(rng, first.shape)
    want = runtime.Interpreter.from_bytes(path.read_bytes(), arena_size=8 << 20)
    want.set_input(value, 0)
    want.invoke()
    np.testing.assert_array_equal(OracleInterpreter(graph).run([value])[0], want.get_output(0))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_random_graphs_come_back(random: Random, operators: int) -> None:
    graph = random_graph(random, operators)
    assert_same_graph(parse_model(write_model(graph), ""), graph)


@pytest.mark.parametrize("seed", range(10))
def test_tflite_micro_runs_what_is_written(seed: int) -> None:
    graph = random_graph(Random(seed), operators=3, builtin=True)
    outputs = OracleInterpreter(graph).run(random_case(graph, seed))
    assert [o.shape for o in outputs] == [graph.tensors[t].shape for t in graph.outputs]


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert write_model(small_graph()) == write_model(small_graph())


def test_weights_are_aligned() -> None:
    graph = small_graph()
    data = write_model(graph)
    for t in (1, 2):
        constant = graph.tensors[t].data
        assert constant is not None
        assert data.index(constant.tobytes()) % 16 == 0


def test_buffer_zero_is_empty() -> None:
    buffers = root_table(write_model(small_graph()), b"TFL3").vector_tables(4)
    assert buffers is not None
    assert not buffers[0].string(0)


def test_unused_indices_keep_their_place() -> None:
    graph = small_graph()
    moved = replace(
        graph,
        tensors={**graph.tensors, 9: replace(graph.tensors[4], index=9)},
        nodes=(graph.nodes[0], replace(graph.nodes[1], outputs=(9,))),
        outputs=(9,),
    )
    assert_same_graph(parse_model(write_model(moved), ""), moved)


def test_numbers_above_a_byte_name_their_operator() -> None:
    """Old readers see 127 in the first field of operators past it."""
    codec = codecs()["CONV_2D"]
    code = (root_table(write_model(small_graph()), b"TFL3").vector_tables(1) or ())[0]
    assert (code.int8(0), code.int32(3)) == (codec.builtin, codec.builtin)


@pytest.mark.parametrize("dtype", list(DType))
def test_constants_of_every_type(dtype: DType) -> None:
    data = np.arange(6).reshape(2, 3) % 2
    constant = Tensor(1, "k", (2, 3), dtype, None, data.astype(dtype.value))
    graph = _maximum(constant)
    assert_same_graph(parse_model(write_model(graph), ""), graph)


def test_constants_are_little_endian() -> None:
    data = np.array([[1, 2, 3], [4, 5, 0x01020304]], dtype=">i4")
    bytes_ = write_model(_maximum(Tensor(1, "k", (2, 3), DType.INT32, None, data)))
    assert struct.pack("<6i", 1, 2, 3, 4, 5, 0x01020304) in bytes_


def test_explicit_padding_has_no_place_in_a_file() -> None:
    graph = small_graph()
    node = replace(graph.nodes[0], options=Conv2DOptions("VALID", 1, 1, pads=(1, 0, 0, 1)))
    with pytest.raises(ValueError, match="explicit padding"):
        write_model(replace(graph, nodes=(node, graph.nodes[1])))


def test_scalars_come_back() -> None:
    q = Quantization((0.5,), (0,))
    tensors = {0: Tensor(0, "x", (1,), DType.INT8, q), 1: Tensor(1, "y", (), DType.INT8, q)}
    graph = Graph("", 0, tensors, (Node("RESHAPE", (0,), (1,), ReshapeOptions(()), (0,)),), (0,), (1,))
    assert_same_graph(parse_model(write_model(graph), ""), graph)


def _maximum(constant: Tensor) -> Graph:
    tensors = {
        0: Tensor(0, "x", constant.shape, constant.dtype),
        1: constant,
        2: Tensor(2, "y", constant.shape, constant.dtype),
    }
    return Graph("", 0, tensors, (Node("MAXIMUM", (0, 1), (2,), None, (0,)),), (0,), (2,))
