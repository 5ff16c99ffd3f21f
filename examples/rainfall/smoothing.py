"""Smoothing a series of days."""

from __future__ import annotations

import numpy as np


def weights(width_days: int) -> np.ndarray:
    """Return a triangle of weights over `width_days` that sums to one."""
    half = np.arange(1, width_days + 1)
    triangle = np.minimum(half, half[::-1]).astype(float)
    return triangle / triangle.sum()


def smooth(series: np.ndarray, width_days: int = 15) -> np.ndarray:
    """Smooth a series of daily values; the ends repeat the first and last value."""
    pad = width_days // 2
    padded = np.pad(series, pad, mode="edge")
    return np.convolve(padded, weights(width_days), mode="valid")
