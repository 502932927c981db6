# SPDX-License-Identifier: Apache-2.0
"""LOGISTIC has no options."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="LOGISTIC", builtin=14, options_type=0, read=lambda table: None)
