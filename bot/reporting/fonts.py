"""The font of pictures and PDF files: Noto Sans CJK (OFL), from its package, so that nothing depends on the machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def chinese_font() -> tuple[Path, int]:
    """The font collection, and the place of its simplified Chinese face."""
    import noto_cjk_sans_otc
    from fontTools.ttLib import TTCollection

    path = Path(str(noto_cjk_sans_otc.__file__)).with_name("NotoSansCJK-Regular.ttc")
    with TTCollection(str(path), lazy=True) as collection:
        names = [str(font["name"].getDebugName(4)) for font in collection.fonts]
    return path, names.index("Noto Sans CJK SC")
