# SPDX-License-Identifier: Apache-2.0
"""Writes the networks as int8 TFLite files: python -m edgesdk_converters.networks FOLDER"""

from __future__ import annotations

import argparse
from pathlib import Path

from edgesdk_converters.networks.tables import NETWORKS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m edgesdk_converters.networks", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the files go; made where it is missing")
    folder = parser.parse_args().folder

    from edgesdk_converters.networks.convert import int8_file  # TensorFlow loads slowly: after the usage check

    folder.mkdir(parents=True, exist_ok=True)
    for network in NETWORKS:
        path = folder / f"{network.name}.tflite"
        path.write_bytes(int8_file(network))
        print(path)


if __name__ == "__main__":
    main()
