"""The long form of these tests: as many troubles as there is time for, each followed by a build that must be as ever.

    python tests/faults/campaign.py --kills 1000 --members 200 --writes 500 --damage 100 --crowds 8 --seed 1

Prints what befell the builds and what became of them, and ends with 1 where a promise was broken. docs/reliability.md
tells of what was found.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "generator")]

from faults import shim, troubles

STATES = ("fresh", "live", "changed")


class Campaign:
    """Runs troubles until there are enough or the time is up, and counts what became of them."""

    def __init__(self, minutes: float) -> None:
        self._end = time.monotonic() + 60 * minutes
        self.broken = 0

    def run(self, title: str, cases: Iterator[tuple[str, Callable[[], str]]]) -> None:
        became: Counter[str] = Counter()
        begun = time.monotonic()
        for name, befall in cases:
            if time.monotonic() > self._end:
                became["out of time"] += 1
                break
            try:
                became[befall()] += 1
            except AssertionError as error:
                self.broken += 1
                became["BROKEN"] += 1
                print(f"BROKEN: {title}, {name}: {error}", flush=True)
        told = ", ".join(f"{number} {what}" for what, number in sorted(became.items()))
        print(f"{title}: {told or 'none'}; {(time.monotonic() - begun) / 60:.1f} min", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, what in (
        ("kills", "builds killed"),
        ("members", "browsers, kernels and workers killed under a build"),
        ("writes", "calls refused, spread evenly over all that a build makes; -1 for each one"),
        ("damage", "stores damaged"),
        ("crowds", "crowds of two to eight builds that share a store"),
    ):
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=what)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="when to stop in any case")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    campaign = Campaign(asked.minutes)
    # A space in the path is a trouble of its own, which LD_PRELOAD would not bear.
    with tempfile.TemporaryDirectory(prefix="deckcast faults ") as place, tempfile.TemporaryDirectory() as tools:
        ground = troubles.prepare(Path(place) / "ground")
        output = ground.folder / "out"

        def kills(number: int, victims: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], str]]]:
            for at in range(number):
                victim, state = chance.choice(victims), STATES[at % len(STATES)]
                yield f"{at} {victim} {state}", lambda v=victim, s=state: troubles.strike(ground, output, chance, v, s)  # type: ignore[misc]

        campaign.run("builds killed", kills(asked.kills, ("build", "all")))
        campaign.run("members killed", kills(asked.members, ("member",)))
        if asked.writes and (why := shim.missing()):
            print(f"writes refused: none, {why}")
        elif asked.writes:
            campaign.run("writes refused", _writes(ground, Path(tools), output, asked.writes, chance))
        campaign.run(
            "stores damaged",
            ((f"{at}", lambda: troubles.damage(ground, output, chance, 8)) for at in range(asked.damage)),
        )
        campaign.run(
            "crowds",
            (
                (f"{at}", lambda: troubles.crowd(ground, output, chance, chance.randint(2, 8)))
                for at in range(asked.crowds)
            ),
        )
    print(f"seed {asked.seed}, {campaign.broken} broken promises")
    return 1 if campaign.broken else 0


def _writes(
    ground: troubles.Ground, tools: Path, output: Path, number: int, chance: random.Random
) -> Iterator[tuple[str, Callable[[], str]]]:
    library = shim.compiled(tools)
    calls = {state: troubles.writes(ground, library, output, state) for state in STATES}
    each = [(state, at) for state in STATES for at in range(1, len(calls[state]) + 1)]
    print(f"a build makes {', '.join(f'{len(calls[state])} calls ({state})' for state in STATES)}", flush=True)
    step = 1.0 if number < 0 else max(1.0, len(each) / number)
    chosen = [each[int(one * step)] for one in range(int(len(each) / step))]
    chance.shuffle(chosen)
    for state, at in chosen:
        error, lasting = chance.choice(list(shim.ERRORS)), chance.random() < 0.5
        name = f"{state}, call {at} ({calls[state][at - 1]}), {error}{' lasting' if lasting else ''}"
        yield (
            name,
            lambda s=state, a=at, e=error, la=lasting: troubles.refuse(ground, library, output, a, e, s, lasting=la),  # type: ignore[misc]
        )


if __name__ == "__main__":
    sys.exit(main())
