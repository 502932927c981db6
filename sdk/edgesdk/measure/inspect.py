# SPDX-License-Identifier: Apache-2.0
"""What is in a model file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from edgesdk.measure.results import InspectLayer, InspectReport, TensorInfo
from edgesdk.model.graph import Graph, Node, Tensor
from edgesdk.ops import find_operator
from edgesdk.rewrite.load import load_model


def inspect(model: Path) -> InspectReport:
    """Reads and checks a model.

    Raises:
        EdgeError: of the reader and the operators' checks.
    """
    graph = load_model(model)
    read = {t for node in graph.nodes for t in node.inputs if t >= 0 and graph.tensors[t].constant}
    layers = tuple(_layer(graph, i, node) for i, node in enumerate(graph.nodes))
    return InspectReport(
        model=model.name,
        bytes=model.stat().st_size,
        crc32=f"{graph.crc32:08x}",
        inputs=tuple(tensor_info(graph.tensors[t]) for t in graph.inputs),
        outputs=tuple(tensor_info(graph.tensors[t]) for t in graph.outputs),
        operators=dict(sorted(Counter(node.op for node in graph.nodes).items())),
        weights=sum(graph.tensors[t].bytes for t in read),
        macs=sum(layer.macs for layer in layers),
        layers=layers,
    )


def tensor_info(tensor: Tensor) -> TensorInfo:
    """A tensor for people and JSON."""
    single = tensor.quantization is not None and not tensor.quantization.per_channel
    return TensorInfo(
        name=tensor.name,
        shape=tensor.shape,
        dtype=tensor.dtype.value,
        bytes=tensor.bytes,
        scale=tensor.scale if single else None,
        zero_point=tensor.zero_point if single else None,
    )


def _layer(graph: Graph, index: int, node: Node) -> InspectLayer:
    output = graph.tensor_out(node)
    constants = {t for t in node.inputs if t >= 0 and graph.tensors[t].constant}
    return InspectLayer(
        index=index,
        op=node.op,
        name=output.name,
        output=output.shape,
        dtype=output.dtype.value,
        macs=find_operator(node.op).macs(graph, node),
        weights=sum(graph.tensors[t].bytes for t in constants),
    )
