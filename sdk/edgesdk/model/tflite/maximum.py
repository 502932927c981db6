# SPDX-License-Identifier: Apache-2.0
"""MAXIMUM has no options: its table in the schema is empty."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="MAXIMUM", builtin=55, options_type=39, read=lambda table: None)
