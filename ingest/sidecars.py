"""Sidecar files: what is said about a manual in a file beside it, for formats that have no front matter.

`handbook.docx.meta.toml` (or `handbook.meta.toml`) tells of `handbook.docx`. `manuals.toml` tells of the files of
its own folder: what stands at the top of all of them, a table named like a file (`["handbook.docx"]`) of that
one. TOML, because Python reads it and because its dates are dates. Nearer wins: a file's own sidecar, then its
table, then the top.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.errors import IngestError
from ingest.metadata import Stated, known

OF_FILE = ".meta.toml"
OF_FOLDER = "manuals.toml"


def is_sidecar(path: Path) -> bool:
    """Whether a file only tells of others."""
    return path.name == OF_FOLDER or path.name.endswith(OF_FILE)


def stated_beside(path: Path) -> Stated:
    """What the sidecars of a file say about it.

    Raises IngestError (one sentence, naming the sidecar) when one of them cannot be read or says what is unknown.
    """
    stated: dict[str, Any] = {}
    whole = _read(path.with_name(OF_FOLDER))
    stated |= known({k: v for k, v in whole.items() if not isinstance(v, dict)}, OF_FOLDER)
    if path.name in whole:
        table = whole[path.name]
        if not isinstance(table, dict):
            raise IngestError(f'“{path.name}” in {OF_FOLDER} must be a table: ["{path.name}"].')
        stated |= known(table, f"{OF_FOLDER}, {path.name}")
    for name in (f"{path.stem}{OF_FILE}", f"{path.name}{OF_FILE}"):
        stated |= known(_read(path.with_name(name)), name)
    return stated


def strays(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Sidecars in the folders among `paths` that tell of no file: (name, one sentence). A slip in a name would
    otherwise leave a manual open to everybody without a word."""
    for folder in (path for path in paths if path.is_dir()):
        for sidecar in sorted(folder.rglob(f"*{OF_FILE}")):
            named = sidecar.name.removesuffix(OF_FILE)
            beside = [p for p in sidecar.parent.iterdir() if p.is_file() and not is_sidecar(p)]
            if not any(named in (p.name, p.stem) for p in beside):
                yield sidecar.name, f"{sidecar.name} tells of no file beside it; name it like the manual."
        for sidecar in sorted(folder.rglob(OF_FOLDER)):
            try:
                tables = [name for name, value in _read(sidecar).items() if isinstance(value, dict)]
            except IngestError:
                continue  # every file of the folder is refused with that sentence
            for name in tables:
                if not (sidecar.parent / name).is_file():
                    yield (
                        OF_FOLDER,
                        f"{OF_FOLDER} tells of “{name}”, which is not in its folder; correct the name.",
                    )


def _read(path: Path) -> dict[str, Any]:
    """What a TOML file holds; nothing when it is not there."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise IngestError(
            f'{path.name} is not TOML in UTF-8 ({error}); write lines like owner = "U0123".'
        ) from error
