# SPDX-License-Identifier: Apache-2.0
"""From a float Graph to an int8 Graph: one path, with training in it or not.

    simplify -> calibrate -> [QuantizedNetwork.fit] -> to_int8 -> layer_noise, accuracy

Activations have one scale and zero point a tensor, from observed ranges; weights one scale a channel around zero, in
[-127, 127]; biases are int32. Source: TensorFlow Lite's 8-bit quantization specification; training with
straight-through gradients as in Jacob et al. 2018 (arXiv 1712.05877).
"""

from edgesdk_converters.quantize.calibrate import calibrate
from edgesdk_converters.quantize.integers import to_int8
from edgesdk_converters.quantize.network import QuantizedNetwork
from edgesdk_converters.quantize.noise import layer_noise
from edgesdk_converters.quantize.observers import OBSERVERS
from edgesdk_converters.quantize.simplify import simplify

__all__ = ["OBSERVERS", "QuantizedNetwork", "calibrate", "layer_noise", "simplify", "to_int8"]
