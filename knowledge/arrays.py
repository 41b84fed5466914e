"""Arrays in a folder, one file (.npy) each: written block by block, mapped into memory when they are read.

So neither making an array nor holding it takes memory of its own: mapped pages are the file's, and the system
drops them when it needs the room. A file whose end is missing is noticed when it is opened; nothing waits for the
disk, because all of this can be made again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


class ArrayWriter:
    """One array in the making. It exists, whole, after `close`."""

    def __init__(self, folder: Path, name: str, dtype: DTypeLike, columns: int | None = None) -> None:
        """Write `folder`/`name`.npy, an array of rows: numbers, or with `columns` vectors of so many."""
        self._path = folder / f"{name}.npy"
        self._dtype = np.dtype(dtype)
        self._row = () if columns is None else (columns,)
        self._rows = 0
        self._file = self._path.open("wb")
        self._write_head()

    def append(self, block: Array) -> None:
        """Put rows behind the others."""
        made = np.ascontiguousarray(block, dtype=self._dtype)
        self._file.write(made.data if made.size and made.dtype.kind != "S" else made.tobytes())
        self._rows += len(made)

    def close(self) -> None:
        """Say how many rows came."""
        self._file.seek(0)
        self._write_head()
        self._file.close()

    def closed(self) -> Array:
        """The array, after `close`."""
        self.close()
        return mapped(self._path)

    def _write_head(self) -> None:
        """numpy leaves room in the head for the number of rows to grow: its length stays the same."""
        head = {
            "descr": npy.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self._rows, *self._row),
        }
        npy.write_array_header_1_0(self._file, head)


def write(folder: Path, name: str, array: Array) -> None:
    """Write a whole array at once."""
    writer = ArrayWriter(folder, name, array.dtype, array.shape[1] if array.ndim > 1 else None)
    writer.append(array)
    writer.close()


def read(folder: Path, name: str) -> Array:
    """The array of that name, mapped. Raises OSError or ValueError when it is missing, cut or none."""
    return mapped(folder / f"{name}.npy")


def mapped(path: Path) -> Array:
    """The array in a file, mapped for reading. Raises like `read`."""
    with path.open("rb") as file:
        if npy.read_magic(file) != (1, 0):
            raise ValueError(f"{path.name} is of an unknown format.")
        shape, _, dtype = npy.read_array_header_1_0(file)
        if not all(shape):
            return np.zeros(shape, dtype)
        whole: Array = np.memmap(file, dtype, "r", file.tell(), shape).view(np.ndarray)
        return whole
