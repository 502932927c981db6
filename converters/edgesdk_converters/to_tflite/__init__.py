# SPDX-License-Identifier: Apache-2.0
"""From a trained model to a float Graph: float32 tensors, TFLite's operators and edgesdk's, batch 1.

A Keras model is lowered layer by layer, by one function for each class of layer; a SavedModel goes through TensorFlow's
converter; a float .tflite file is read. `quantize` takes it from there, so all three become int8 in one way.
"""

from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.keras_model import float_graph
from edgesdk_converters.to_tflite.lowering import lowers

__all__ = ["FloatBuilder", "float_graph", "lowers"]
