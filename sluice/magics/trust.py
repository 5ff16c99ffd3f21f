"""How far a target is trusted: asked once, before the first cell goes there."""

from __future__ import annotations

import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from ..connection import Client
from .prompts import can_ask

LEVELS = ("none", "outputs", "pickles")
_QUESTION = """\
How far do you trust what runs on {target}?
  none     numbers, text, arrays and tables come home; nothing that could run code here
  outputs  also what cells draw and show (HTML)
  pickles  also all other values, which can run code here when they are loaded: right for a cluster
           on which only you can write your files"""
_MOST_TRIES = 3


def settle_trust(
    client: Client, kit: dict[str, Any], shell: InteractiveShell, project_dir: str | None
) -> None:
    """Ask the person about a target of which nobody has said it, where somebody can be asked.

    Parameters
    ----------
    client
        Where the answer goes.
    kit
        What the service said of the target.
    shell
        Whose front end is asked.
    project_dir
        Where the notebook lies.
    """
    target = kit.get("target")
    if not kit.get("asksTrust") or target is None:
        return
    answer = _ask(target) if can_ask(shell) else None
    if answer is None:
        print(
            f"sluice: nobody was asked how far {target} is trusted, so values that could run code "
            f"here are not loaded; `%sluice trust {target} outputs` or `… pickles` changes that",
            file=sys.stderr,
            flush=True,
        )
        return
    told = client.trust(target, answer, project_dir)
    print(f"sluice: {target} is trusted with “{answer}” (noted in {told['path']})", file=sys.stderr)


def _ask(target: str) -> str | None:
    """Give the person's answer; None: there was none."""
    words = f"{_QUESTION.format(target=target)}\nnone, outputs or pickles? "
    for _ in range(_MOST_TRIES):
        try:
            answer = input(words).strip().lower()
        except EOFError:
            return None
        if answer in LEVELS:
            return answer
        words = "Type one of the three words: "
    return None
