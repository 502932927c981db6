# SPDX-License-Identifier: Apache-2.0
"""Board files by id or path."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

from pydantic import ValidationError

from edgesdk.boards.descriptor import Board
from edgesdk.errors import BOARD_INVALID, BOARD_UNKNOWN, EdgeError
from edgesdk.resources import boards_dir

_MOST_BYTES = 1 << 20


def board_ids() -> tuple[str, ...]:
    """The ids of the boards that come with edgesdk, in order."""
    return tuple(sorted(path.stem for path in boards_dir().glob("*.toml")))


def list_boards() -> tuple[Board, ...]:
    """The boards that come with edgesdk, in the order of their ids."""
    return tuple(load_board(board_id) for board_id in board_ids())


def load_board(id_or_path: str) -> Board:
    """A board by its id, or from a file, which is named by a path with a slash or ending in .toml.

    Raises:
        EdgeError: BOARD_UNKNOWN, BOARD_INVALID.
    """
    if "/" in id_or_path or id_or_path.endswith(".toml"):
        return _read(Path(id_or_path))
    known = board_ids()
    if id_or_path not in known:
        close = difflib.get_close_matches(id_or_path.lower(), known, n=2, cutoff=0.5)
        raise EdgeError(
            BOARD_UNKNOWN,
            f"no board is called {id_or_path}",
            tries=(*(f"--board {name}" for name in close), "list the boards: edgesdk boards"),
        )
    board = _read(boards_dir() / f"{id_or_path}.toml")
    if board.id != id_or_path:
        raise _invalid(f"{id_or_path}.toml", "id", f"is {board.id}, not the file's name")
    return board


def _read(path: Path) -> Board:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise EdgeError(
            BOARD_UNKNOWN, "the board file cannot be read", where=str(path), why=getattr(error, "strerror", "") or ""
        ) from None
    if len(data) > _MOST_BYTES:
        raise _invalid(str(path), "", "is larger than 1 MiB")
    try:
        values = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise _invalid(str(path), "", str(error)) from None
    try:
        # strict=True takes no list for a tuple from Python, only from JSON; TOML knows lists alone.
        return Board.model_validate(_tuples(values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise _invalid(str(path), field, first["msg"].removeprefix("Value error, ")) from None


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _invalid(where: str, field: str, reason: str) -> EdgeError:
    what = f"the board file's field {field} is invalid" if field else "the board file is invalid"
    return EdgeError(BOARD_INVALID, what, where=where, why=reason)
