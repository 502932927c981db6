# SPDX-License-Identifier: Apache-2.0
"""HARD_SWISH has no options: its table in the schema is empty."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="HARD_SWISH", builtin=117, options_type=91, read=lambda table: None)
