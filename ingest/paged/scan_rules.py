"""Straight lines on a scan, for the tables that they draw."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ingest.paged.pages import Box

_SHARE = 1 / 28
"""The shortest line that counts, as a share of the page's width: longer than any stroke of a letter."""
_THICKEST = 0.008


def drawn_rules(pixels: NDArray[np.uint8], slope: float, scale: float) -> list[Box]:
    """Level and upright lines of a picture that lies askew by `slope` radians, in points (`scale` a pixel)."""
    import cv2  # comes with rapidocr

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    if slope:
        # The same turn about the picture's origin that the lines of text get.
        c, s = math.cos(slope), math.sin(slope)
        matrix = np.array([[c, s, 0.0], [-s, c, 0.0]])
        grey = cv2.warpAffine(grey, matrix, (width, height), borderValue=255)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    length = max(24, int(width * _SHARE))
    thickest = max(4, int(width * _THICKEST))
    found = []
    for shape in ((length, 1), (1, length)):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
        lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
        lines = cv2.dilate(lines, np.ones((3, 3), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(lines)
        for x, y, w, h, _ in stats[1:2000]:
            if min(w, h) <= thickest + 2:
                found.append(Box(x * scale, y * scale, (x + w) * scale, (y + h) * scale))
    return found
