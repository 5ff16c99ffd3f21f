"""Show a plan: as JSON for programs, as HTML and as text for people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .plan_html import plan_html
from .plan_text import plan_text

PLAN_TYPE = "application/vnd.sluice.plan+json"


def plan_bundle(plan: dict[str, Any], now: dt.datetime | None = None) -> dict[str, Any]:
    """Give the plan in its three forms.

    Parameters
    ----------
    plan : dict
        As `src/shared/wire/plan.ts` has it.
    now : datetime, optional
        With its time zone, in which starts are told; by default this moment here.
    """
    at = dt.datetime.now().astimezone() if now is None else now
    return {PLAN_TYPE: plan, "text/html": plan_html(plan, at), "text/plain": plan_text(plan, at)}
