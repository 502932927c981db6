# SPDX-License-Identifier: Apache-2.0
"""A TensorFlow SavedModel into a float Graph, by TensorFlow's own converter."""

from __future__ import annotations

from pathlib import Path

from edgesdk.errors import CONVERT_MODEL, EdgeError
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.reader import parse_model
from edgesdk.text import printable

SIGNATURE = "serving_default"


def saved_model_graph(folder: Path) -> Graph:
    """The graph of the signature "serving_default", with every axis of unknown size that leads an input as 1.

    Raises:
        EdgeError: CONVERT_MODEL where TensorFlow cannot load or convert it; what `parse_model` raises.
    """
    import tensorflow as tf  # slow to load, and needed for nothing else

    shown = printable(str(folder))
    try:
        loaded = tf.saved_model.load(str(folder))
        serve = loaded.signatures[SIGNATURE]
        _, given = serve.structured_input_signature
        # A batch of unknown size would leave operators that compute shapes.
        specs = {name: tf.TensorSpec([1, *spec.shape[1:]], spec.dtype, name=name) for name, spec in given.items()}
        fixed = tf.function(lambda **inputs: serve(**inputs)).get_concrete_function(**specs)
        data = tf.lite.TFLiteConverter.from_concrete_functions([fixed], loaded).convert()
    except KeyError:
        raise EdgeError(CONVERT_MODEL, f"{shown} has no signature '{SIGNATURE}'") from None
    except Exception as error:  # of many kinds, none of them documented
        why = printable(str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__, 200)
        raise EdgeError(CONVERT_MODEL, f"TensorFlow cannot convert {shown}", why=why) from None
    return parse_model(bytes(data), folder.name)
