#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the virtual environment $1 with pip in it, on a Debian whose python3 may lack the venv module's parts.
set -eu
venv=$1
python=${PYTHON:-python3}

if [ -x "$venv/bin/pip" ]; then
    exit 0
fi
if ! command -v "$python" >/dev/null || ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        apt-get install -qq -y --no-install-recommends python3 python3-venv
    else
        echo "python 3.11 or newer with its venv module is needed: apt install python3-venv" >&2
        exit 5
    fi
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "python 3.11 or newer is needed; set PYTHON to one" >&2
    exit 5
}
"$python" -m venv "$venv"
