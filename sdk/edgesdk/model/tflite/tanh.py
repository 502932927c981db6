# SPDX-License-Identifier: Apache-2.0
"""TANH has no options."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="TANH", builtin=28, options_type=0, read=lambda table: None)
