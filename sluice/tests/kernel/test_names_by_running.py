"""The walk against Python itself: programs made at random are run, and each look-up is noted.

None of them deletes a name: what is looked up after that is not the notebook's any more.
"""

import builtins
import contextlib
import random
from typing import Any

import pytest

PROGRAMS = 300
NAMES = "abcdefgh"
ENDS = (LookupError, AttributeError, NameError, TypeError, ValueError, RuntimeError, SystemError)


class Anything:
    """A value that takes part in any expression; whether it is true is a matter of chance."""

    def __init__(self, chance: Any) -> None:
        self.chance = chance

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Any:
        return iter([self] * self.chance.randrange(3))

    def __bool__(self) -> bool:
        return bool(self.chance.randrange(2))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        # Only those that are known for it are taken to swallow what is raised.
        return

    def __getitem__(self, _: Any) -> Any:
        if self.chance.randrange(4) == 0:
            raise LookupError
        return self

    def __delitem__(self, _: Any) -> None:
        pass

    def __setitem__(self, *_: Any) -> None:
        pass

    def __add__(self, _: Any) -> Any:
        return self

    def __format__(self, _: str) -> str:
        return ""


class Noted:
    """What lies behind the notebook's own names: whoever is looked up here was not bound."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        if name in NAMES:
            self.asked.add(name)
            return self.value
        return vars(builtins)[name]


class Maker:
    """Writes programs."""

    def __init__(self, chance: Any) -> None:
        self.chance = chance
        self.functions = 0

    def name(self) -> str:
        return str(self.chance.choice(NAMES))

    def value(self, depth: int = 2) -> str:
        if depth == 0:
            return self.name()
        left, right, name = self.value(depth - 1), self.value(depth - 1), self.name()
        return str(
            self.chance.choice(
                [
                    name,
                    f"{name}({left})",
                    f"{name}.x[{left}]",
                    f"({left} + {right})",
                    f"[{left} for {name} in {right}]",
                    f"{{{left}: 1 for {name} in {right} if {self.name()}}}.keys",
                    f"list({left} for {name} in {right} for {self.name()} in {self.name()})",
                    f"(lambda {name}: {left.replace('eval', 'str')})({right})",
                    f"(lambda {name}={right}: {left.replace('eval', 'str')})()",
                    f"({left} if {name} else {right})",
                    f"({left} and {right})",
                    f"({name} := {left})",
                    f"f'{{{name}:{{{self.name()}}}}}'",
                    # In a function it sees the function's names, as far as they are bound yet.
                    name if self.functions else f"eval('{name}')",
                ]
            )
        )

    def target(self) -> str:
        return str(
            self.chance.choice([self.name(), f"{self.name()}, *{self.name()}", f"{self.name()}[0]"])
        )

    def block(self, depth: int, *, is_function: bool = False) -> list[str]:
        count = self.chance.randrange(1, 4)
        lines = [line for _ in range(count) for line in self.statement(depth)]
        if is_function and self.chance.randrange(3) == 0:
            return [f"global {self.name()}", *lines]
        return lines

    def inside(self, depth: int, **options: Any) -> list[str]:
        return [f"    {line}" for line in self.block(depth - 1, **options)]

    def statement(self, depth: int) -> list[str]:
        simple = [
            lambda: [f"{self.name()} = {self.value()}"],
            lambda: [f"{self.target()} = {self.name()}, {self.name()}"],
            lambda: [f"{self.name()} += {self.value()}"],
            lambda: [f"{self.name()}: {self.name()} = {self.value()}"],
            lambda: [f"del {self.name()}[0]"],
            lambda: [self.value()],
            lambda: [f"import os as {self.name()}"],
            lambda: ["raise LookupError"],
        ]
        compound = [
            lambda: [f"if {self.value()}:", *self.inside(depth), "else:", *self.inside(depth)],
            lambda: [f"for {self.name()} in {self.value()}:", *self.inside(depth)],
            lambda: [f"while {self.value()}:", *self.inside(depth), "    break"],
            lambda: [
                "try:",
                *self.inside(depth),
                "except LookupError:",
                *self.inside(depth),
                "finally:",
                *self.inside(depth),
            ],
            lambda: [f"with {self.value()} as {self.name()}:", *self.inside(depth)],
            self.function(depth),
            self.klass(depth),
            lambda: [
                f"match {self.value()}:",
                f"    case [{self.name()}, *{self.name()}x]:",
                *[f"    {line}" for line in self.inside(depth)],
                f"    case {self.name()}:",
                *[f"    {line}" for line in self.inside(depth)],
            ],
        ]
        choices = simple if depth == 0 else simple + compound * 2
        made: list[str] = self.chance.choice(choices)()
        return made

    def function(self, depth: int) -> Any:
        def make() -> list[str]:
            name = self.name()
            parameter = self.name()
            self.functions += 1
            inside = [
                line
                for line in self.inside(depth, is_function=True)
                if line.strip() != f"global {parameter}"
            ]
            self.functions -= 1
            decorator = [f"@{self.name()}"] * self.chance.randrange(2)
            head = f"def {name}({parameter}={self.value()}):"
            return [*decorator, head, *(inside or ["    pass"]), f"{self.name()}()", f"{name}()"]

        return make

    def klass(self, depth: int) -> Any:
        return lambda: [
            f"class {self.name()}:",
            *self.inside(depth),
            f"    def m(self, {self.name()}={self.name()}): return {self.value()}",
            f"{self.name()}().m()",
        ]


def programs() -> list[str]:
    found: list[str] = []
    seed = 0
    while len(found) < PROGRAMS:
        seed += 1
        source = "\n".join(Maker(random.Random(seed)).block(3))
        try:
            compile(source, "<cell>", "exec")
        except SyntaxError:
            # Such as a name that is read before it is said to be global.
            continue
        found.append(source)
    return found


@pytest.mark.parametrize("rounds", [4])
def test_whatever_is_looked_up_was_known_before(rounds: Any) -> None:
    from _sluice.kernel.cell import parse_cell
    from _sluice.kernel.names import cell_names

    missed = []
    asked_in_all = 0
    for source in programs():
        reads = {*cell_names(parse_cell(source)).reads}
        for seed in range(rounds):
            noted = Noted(Anything(random.Random(seed)))
            # It may end anywhere; what it looked up until then counts.
            with contextlib.suppress(*ENDS):
                exec(compile(source, "<cell>", "exec"), {"__builtins__": noted, "__name__": "n"})
            asked_in_all += len(noted.asked)
            if not noted.asked <= reads:
                missed.append((source, noted.asked - reads))
    assert missed == []
    assert asked_in_all > PROGRAMS
