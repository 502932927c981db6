# SPDX-License-Identifier: Apache-2.0
"""A Keras model into a float Graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras

from edgesdk.errors import CONVERT_LAYER, CONVERT_MODEL, EdgeError
from edgesdk.model.graph import Graph, Shape
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lower


@dataclass(frozen=True)
class Wire:
    """Stands for a tensor while a model's graph is walked."""

    tensor: int


def float_graph(model: Any) -> Graph:
    """What the model computes when it does not train, batch 1.

    Args:
        model: Sequential or functional, built, of layers that have a lowering; models inside it are taken apart.

    Raises:
        EdgeError: CONVERT_MODEL where it is none of these or an axis has no size; CONVERT_LAYER and others of a layer.
    """
    b = FloatBuilder()
    network = _functional(model)
    wires = [Wire(b.input(_shape(model, tensor), tensor.name)) for tensor in network.inputs]
    outputs = _walk(b, network, wires)
    return b.graph([wire.tensor for wire in outputs], model.name)


def _functional(model: Any) -> Any:
    if isinstance(model, keras.Sequential):
        model = model._functional  # None before it is built
    if not isinstance(model, keras.src.models.Functional):
        raise EdgeError(
            CONVERT_MODEL,
            "the model is neither functional nor a built Sequential",
            why="what a subclass of Model computes is in its code",
            tries=("give the model an Input", "export it as a SavedModel and convert that"),
        )
    return model


def _shape(model: Any, tensor: Any) -> Shape:
    _, *rest = tensor.shape
    if None in rest:
        raise EdgeError(
            CONVERT_MODEL,
            f"the input {tensor.name} of {model.name} has the shape {list(tensor.shape)}",
            why="firmware needs the size of every axis but the batch",
        )
    return (1, *rest)


def _walk(b: FloatBuilder, network: Any, wires: Sequence[Wire]) -> list[Wire]:
    """The outputs of a functional model whose inputs are these."""

    def call(operation: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(operation, keras.Model):
            given = keras.tree.flatten(args[0])
            made = _walk(b, _functional(operation), given)
            return made[0] if len(made) == 1 else made
        if not isinstance(operation, keras.Layer):
            raise EdgeError(
                CONVERT_LAYER,
                f"the function keras.ops.{operation.name} between layers cannot be converted",
                tries=("use a layer in its place, such as Add, Multiply, Reshape or ReLU",),
            )
        inputs = [leaf.tensor for leaf in keras.tree.flatten((args, kwargs)) if isinstance(leaf, Wire)]
        return Wire(lower(b, operation, inputs))

    made = network._run_through_graph(list(wires), operation_fn=lambda operation: operation, call_fn=call)
    return [wire for wire in keras.tree.flatten(made) if isinstance(wire, Wire)]
