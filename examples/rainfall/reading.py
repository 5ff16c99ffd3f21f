"""Reading the stations' file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def read_rain(path: str | Path) -> pd.DataFrame:
    """Read daily rain in millimetres: one row a day, one column a station."""
    return pd.read_csv(path, parse_dates=["day"], index_col="day")
