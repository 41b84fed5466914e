"""Which manual a person means: by number, or by a part of its title that only one manual has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from knowledge.history import EditionRecord
    from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class NamedManual:
    """A manual with all of its editions, oldest first."""

    manual_id: int
    title: str
    editions: tuple[EditionRecord, ...]

    def numbered(self, number: int | None) -> EditionRecord:
        """The edition of that number, the live one without a number; usage error when there is none."""
        for edition in self.editions:
            if edition.number == number or (number is None and edition.state == "live"):
                return edition
        if number is None:
            raise typer.BadParameter(
                f"《{self.title}》 is not live; name one of its editions with --edition."
            )
        raise typer.BadParameter(f"《{self.title}》 has no edition {number}; look at kefu manuals history.")


def the_manual(library: Library, name: str) -> NamedManual:
    """The one manual that `name` means; usage error when it is none or several."""
    known = library.known()
    wanted = name.strip().lstrip("#")
    if wanted.isdigit() and int(wanted) in known:
        found = [int(wanted)]
    else:
        plain = wanted.strip("《》").casefold()
        found = [i for i, title in known.items() if title.casefold() == plain]
        found = found or [i for i, title in known.items() if plain in title.casefold()]
    if not found:
        raise typer.BadParameter(f"No manual is called {name!r}; look at kefu manuals list.")
    if len(found) > 1:
        names = ", ".join(f"#{i} 《{known[i]}》" for i in found[:8])
        raise typer.BadParameter(f"{name!r} may be {names}; give the number.")
    return NamedManual(found[0], known[found[0]], tuple(library.history(found[0])))
