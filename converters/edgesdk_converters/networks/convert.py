# SPDX-License-Identifier: Apache-2.0
"""A table as an int8 TFLite file."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from edgesdk_converters.networks.build import SEED, build
from edgesdk_converters.networks.tables import Network

SAMPLES = 8


def int8_file(network: Network) -> bytes:
    """The network quantized to int8, weights per channel, calibrated on random images in [-1, 1]."""

    def images() -> Iterator[list[np.ndarray]]:
        random = np.random.default_rng(SEED)
        for _ in range(SAMPLES):
            yield [random.uniform(-1, 1, (1, network.size, network.size, 3)).astype(np.float32)]

    keras.utils.clear_session()  # tensor names count on from earlier models
    converter = tf.lite.TFLiteConverter.from_keras_model(build(network))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = images
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())
