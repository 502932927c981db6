# SPDX-License-Identifier: Apache-2.0
"""EXPAND_DIMS has no options: its table in the schema is empty."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="EXPAND_DIMS", builtin=70, options_type=52, read=lambda table: None)
