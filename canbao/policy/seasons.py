"""Which year an application of today is for."""

from __future__ import annotations

import datetime

from canbao.policy import published


def year_for(insurance: str, on: datetime.date) -> int:
    """Next year where its season has opened already, else the running one (DOMAIN 2: cover years)."""
    season = published.rules(insurance, on.year + 1).season(on)
    if season is None or season.opens_on is None or not season.opens_on <= on <= season.closes_on:
        return on.year
    return on.year + 1
