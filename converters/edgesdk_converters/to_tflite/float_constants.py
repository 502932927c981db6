# SPDX-License-Identifier: Apache-2.0
"""Files whose weights alone are int8 ("dynamic range quantization"): their weights as floats again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from edgesdk.model.graph import DType, Graph, Tensor


def with_float_constants(graph: Graph) -> Graph:
    """The graph with every constant of quantized int8 as the float32 values it stands for, and no DEQUANTIZE of one."""
    tensors = {t: _as_float(tensor) for t, tensor in graph.tensors.items()}
    replaced: dict[int, int] = {}
    nodes = []
    for node in graph.nodes:
        inputs = tuple(replaced.get(t, t) for t in node.inputs)
        if node.op == "DEQUANTIZE" and tensors[inputs[0]].constant:
            replaced[node.outputs[0]] = inputs[0]
        else:
            nodes.append(replace(node, inputs=inputs))
    return graph.with_nodes(tuple(nodes), tensors=tensors)


def _as_float(tensor: Tensor) -> Tensor:
    if tensor.data is None or tensor.quantization is None or tensor.dtype is not DType.INT8:
        return tensor
    shape = [1] * len(tensor.shape)
    if tensor.quantization.per_channel:
        shape[tensor.quantization.axis] = -1
    scale, zero_point = (
        np.asarray(v).reshape(shape) for v in (tensor.quantization.scale, tensor.quantization.zero_point)
    )
    data = ((tensor.data.astype(np.float64) - zero_point) * scale).astype(np.float32)
    return replace(tensor, dtype=DType.FLOAT32, quantization=None, data=data)
