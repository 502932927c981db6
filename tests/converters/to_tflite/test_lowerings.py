# SPDX-License-Identifier: Apache-2.0
"""Every lowering computes what its Keras layer computes, before and after the graph is simplified."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from edgesdk.errors import CONVERT_LAYER, CONVERT_MODEL, EdgeError
from edgesdk_converters import layers as own
from edgesdk_converters.quantize import simplify
from edgesdk_converters.quantize.evaluate import evaluate_all
from edgesdk_converters.to_tflite import float_graph, lowers

MAP, LINE, CLIP, VECTOR = (7, 6, 8), (9, 4), (4, 6, 5, 8), (12,)
CASES: list[tuple[tuple[int, ...], Any]] = [
    (MAP, lambda: layers.Conv2D(5, 3, 2, "same", activation="relu")),
    (MAP, lambda: layers.Conv2D(6, (2, 3), dilation_rate=2, padding="same", use_bias=False)),
    (MAP, lambda: layers.Conv2D(8, 3, groups=4, activation="relu6")),
    (LINE, lambda: layers.Conv1D(5, 3, 2, "same")),
    (LINE, lambda: layers.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="tanh")),
    (MAP, lambda: layers.DepthwiseConv2D(3, 2, "same", depth_multiplier=2)),
    (MAP, lambda: layers.SeparableConv2D(5, 3, padding="same", depth_multiplier=2, activation="hard_silu")),
    (MAP, lambda: layers.Conv2DTranspose(5, 3, 2, "same")),
    (MAP, lambda: layers.Conv2DTranspose(5, (3, 2), 2, "valid", use_bias=False)),
    (VECTOR, lambda: layers.Dense(5, activation="softmax")),
    (MAP, lambda: layers.Dense(5, activation="sigmoid")),
    (MAP, lambda: layers.Dense(5, activation="leaky_relu")),
    (MAP, lambda: layers.BatchNormalization()),
    (VECTOR, lambda: layers.BatchNormalization(scale=False, center=False)),
    (MAP, lambda: layers.Rescaling(1 / 127.5, offset=-1)),
    (MAP, lambda: layers.ReLU(max_value=6)),
    (MAP, lambda: layers.ReLU(negative_slope=0.1)),
    (MAP, lambda: layers.LeakyReLU(0.3)),
    (MAP, lambda: layers.Activation("relu")),
    (VECTOR, lambda: layers.Softmax()),
    (MAP, lambda: layers.MaxPooling2D(3, 2, "same")),
    (MAP, lambda: layers.AveragePooling2D(3, 2, "same")),
    (LINE, lambda: layers.MaxPooling1D(2)),
    (LINE, lambda: layers.AveragePooling1D(3, 2)),
    (MAP, lambda: layers.GlobalAveragePooling2D()),
    (LINE, lambda: layers.GlobalAveragePooling1D(keepdims=True)),
    (MAP, lambda: layers.GlobalMaxPooling2D(keepdims=True)),
    (LINE, lambda: layers.GlobalMaxPooling1D()),
    (CLIP, lambda: layers.GlobalAveragePooling3D()),
    (MAP, lambda: layers.Flatten()),
    (MAP, lambda: layers.Reshape((6, -1))),
    (MAP, lambda: layers.Permute((3, 1, 2))),
    (MAP, lambda: layers.ZeroPadding2D(((1, 2), (0, 3)))),
    (LINE, lambda: layers.ZeroPadding1D((2, 1))),
    (MAP, lambda: layers.Cropping2D(((1, 2), (0, 3)))),
    (MAP, lambda: layers.UpSampling2D((2, 3))),
    (MAP, lambda: layers.Dropout(0.5)),
    (MAP, lambda: own.CrossChannelPool(2)),
    (MAP, lambda: own.CrossChannelPool(4, "average")),
    (MAP, lambda: own.CrossChannelPool(4, "ordinal")),
    (VECTOR, lambda: own.CrossChannelPool(3, "ordinal", form="free")),
    (MAP, lambda: own.CondensationConv(4, 3, ratio=3, batch_normalization=True)),
    (MAP, lambda: own.OrdinalPool2D(2, padding="same")),
    (MAP, lambda: own.OrdinalPool2D(3, 2, form="free", initializer="decay")),
    (MAP, lambda: own.BlendPool2D(2)),
    (MAP, lambda: own.GlobalOrdinalPool2D()),
    (VECTOR, lambda: own.ProductKeyMemory(6, 5, key_dim=8, heads=2, neighbours=3)),
    (MAP, lambda: own.ProductKeyMemory(6, 5, key_dim=8, neighbours=2, query_batch_norm=False)),
    (CLIP, lambda: own.ChannelTensorization((2, 4), excitation=False)),
    (CLIP, lambda: own.ChannelTensorization((2, 4), excitation=False, causal=True)),
    (CLIP, lambda: own.ChannelTensorization(1, reduction=2)),
    (CLIP, lambda: own.ChannelTensorization(1, reduction=2, causal=True, window=3)),
    (CLIP, lambda: own.TensorExcitation("spatial", groups=2, reduction=4)),
    (CLIP, lambda: own.TensorExcitation("temporal", groups=2, reduction=2)),
    (CLIP, lambda: own.TensorExcitation("channel")),
    (CLIP, lambda: layers.TimeDistributed(layers.Conv2D(5, 3, 2, "same", activation="relu"))),
    (CLIP, lambda: layers.Conv3D(5, 3, padding="same", activation="relu")),
    (CLIP, lambda: layers.Conv3D(5, (2, 3, 2), (2, 1, 2), use_bias=False)),
    (CLIP, lambda: layers.Conv3D(5, (1, 3, 3), (1, 2, 2), "same")),
    (CLIP, lambda: layers.Conv3D(5, (3, 1, 1), padding="same")),
    (CLIP, lambda: layers.TimeDistributed(layers.Flatten())),
    (CLIP, lambda: layers.TimeDistributed(layers.GlobalMaxPooling2D())),
    (CLIP, lambda: layers.TimeDistributed(layers.Cropping2D(1))),
    (CLIP, lambda: layers.TimeDistributed(own.GlobalOrdinalPool2D())),
    ((4, 9, 6), lambda: layers.TimeDistributed(layers.Conv1D(5, 3, padding="causal"))),
    ((4, 9, 6), lambda: layers.TimeDistributed(layers.MaxPooling1D(2))),
]


@pytest.mark.parametrize(("shape", "make"), CASES, ids=[f"{make().name}-{k}" for k, (_, make) in enumerate(CASES)])
def test_a_lowered_layer_computes_the_same(shape: tuple[int, ...], make: Any) -> None:
    keras.utils.set_random_seed(1)
    image = keras.Input(shape)
    _compare(keras.Model(image, make()(image)))


@pytest.mark.parametrize("kind", ["Add", "Subtract", "Multiply", "Maximum", "Minimum"])
def test_merging_layers(kind: str) -> None:
    image = keras.Input(MAP)
    branches = [layers.Conv2D(4, 1)(image) for _ in range(2 if kind == "Subtract" else 3)]
    _compare(keras.Model(image, getattr(layers, kind)()(branches)))


def test_a_graph_of_branches_two_inputs_and_models_inside_a_model() -> None:
    inner = keras.Sequential([keras.Input(MAP), layers.Conv2D(8, 1), layers.BatchNormalization(), layers.ReLU()])
    a, b = keras.Input(MAP), keras.Input((8,))
    shared = layers.DepthwiseConv2D(3, padding="same")
    x = layers.Concatenate()([shared(inner(a)), shared(a), inner(inner(a))])
    x = layers.Multiply()([layers.Conv2D(8, 1)(x), layers.Reshape((1, 1, 8))(layers.Dense(8, "sigmoid")(b))])
    _compare(keras.Model([a, b], [layers.Flatten()(x), layers.GlobalAveragePooling2D()(x)]))


def test_batch_normalization_and_activations_cost_nothing() -> None:
    model = keras.Sequential(
        [
            keras.Input(MAP),
            layers.BatchNormalization(),  # nothing before it: a depthwise 1x1 convolution
            layers.Conv2D(4, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.DepthwiseConv2D(3),
            layers.BatchNormalization(),
            layers.ReLU(6),
            layers.Flatten(),
            layers.Dense(5),
            layers.BatchNormalization(),
        ]
    )
    ops = [node.op for node in _compare(model).nodes]
    assert ops == ["DEPTHWISE_CONV_2D", "CONV_2D", "DEPTHWISE_CONV_2D", "RESHAPE", "FULLY_CONNECTED"]


def test_a_branch_before_the_activation_keeps_it_apart() -> None:
    image = keras.Input(MAP)
    x = layers.Conv2D(4, 1)(image)
    graph = _compare(keras.Model(image, layers.Add()([x, layers.ReLU()(x)])))
    assert [node.op for node in graph.nodes] == ["CONV_2D", "RELU", "ADD"]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (lambda: layers.LayerNormalization(), "LayerNormalization cannot be converted"),
        (lambda: layers.Conv2D(4, 1, activation="gelu"), "activation gelu"),
        (lambda: layers.ReLU(max_value=3), "max_value 3"),
        (lambda: layers.Softmax(axis=1), "axis 1"),
        (lambda: layers.BatchNormalization(axis=1), "axis 1"),
        (lambda: layers.Conv2D(4, 1, data_format="channels_first"), "channels first"),
        (lambda: layers.UpSampling2D(2, interpolation="bilinear"), "bilinear"),
        (lambda: layers.Conv2DTranspose(4, 3, dilation_rate=2), "dilation"),
    ],
)
def test_what_has_no_int8_form_is_refused_by_name(layer: Any, words: str) -> None:
    image = keras.Input(MAP)
    made = layer()
    with pytest.raises(EdgeError, match=words) as caught:
        float_graph(keras.Model(image, made(image)))
    assert caught.value.kind is CONVERT_LAYER
    assert made.name in caught.value.where


def test_a_subclass_of_a_layer_is_not_taken_for_it() -> None:
    class Doubled(layers.ReLU):
        def call(self, x: Any) -> Any:
            return 2 * super().call(x)

    image = keras.Input(MAP)
    with pytest.raises(EdgeError, match="Doubled cannot be converted"):
        float_graph(keras.Model(image, Doubled()(image)))


def test_a_users_own_layer_has_its_own_lowering() -> None:
    class Cubed(layers.Layer):
        def call(self, x: Any) -> Any:
            return x * x * x

    @lowers(Cubed)
    def cubed(b: Any, layer: Any, inputs: Any) -> int:
        from edgesdk.model.tflite.mul import MulOptions

        (x,) = inputs
        return int(b.apply("MUL", (b.apply("MUL", (x, x), MulOptions()), x), MulOptions(), layer.name))

    image = keras.Input(MAP)
    _compare(keras.Model(image, Cubed()(image)))


def test_models_that_have_no_graph_are_refused() -> None:
    class Own(keras.Model):
        def call(self, x: Any) -> Any:
            return x

    image = keras.Input((None, 6, 3))
    for model, words in (
        (Own(), "neither functional"),
        (keras.Sequential([layers.ReLU()]), "neither functional"),
        (keras.Model(image, layers.ReLU()(image)), "shape"),
    ):
        with pytest.raises(EdgeError, match=words) as caught:
            float_graph(model)
        assert caught.value.kind is CONVERT_MODEL


def test_a_function_between_layers_is_refused() -> None:
    image = keras.Input(MAP)
    with pytest.raises(EdgeError, match=r"keras\.ops"):
        float_graph(keras.Model(image, keras.ops.exp(image)))


def _compare(model: Any) -> Any:
    """The simplified graph of a model with random statistics, whose outputs are the model's."""
    rng = np.random.default_rng(0)
    for weight in model.weights:
        if weight.path.endswith(("gamma", "moving_variance")):
            weight.assign(rng.uniform(0.5, 2, weight.shape))
        elif weight.path.endswith(("beta", "bias", "moving_mean")):
            weight.assign(rng.normal(size=weight.shape))
    samples = [rng.normal(size=(3, *tensor.shape[1:])).astype(np.float32) for tensor in model.inputs]
    wanted = keras.tree.flatten(model(samples if len(samples) > 1 else samples[0], training=False))
    graph = float_graph(model)
    simple = simplify(graph)
    for each in (graph, simple):
        made = evaluate_all(each, [x[:, None] for x in samples])
        for y, want in zip(made, wanted, strict=True):
            np.testing.assert_allclose(y.reshape(want.shape), want, rtol=2e-4, atol=2e-5)
    return simple
