"""The long form of these tests: as many troubles as there is time for, each followed by a build that must be as ever.

    python tests/faults/campaign.py --kills 1000 --members 60 --writes -1 --clocks 40 --damage 100 --crowds 20

Prints what befell the builds and what became of them, and ends with 1 where a promise was broken. Runs with other seeds
add to it: `--log FILE` gets a line for each kind of trouble, and `--sum FILE` adds these up. docs/reliability.md tells
what was found.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "generator")]

from faults import kills, members, refusals, shim
from faults.clocks import leap, leap_beside
from faults.crowds import crowd
from faults.damage import damage
from faults.ground import GRAPH, Ground, prepare
from faults.nursery import Nursery

RENEWED = 50
"""Cases after which another nursery takes over: one's forks all hash strings alike."""
LOGGED = 25
"""Troubles after which a line is logged, so that a run that is ended early counts, too."""
BROKEN = "BROKEN"


class Campaign:
    """Runs troubles until there are enough or the time is up, and counts what became of them."""

    def __init__(self, minutes: float, seed: int, log: Path | None) -> None:
        self._end = time.monotonic() + 60 * minutes
        self._seed = seed
        self._log = log
        self.broken = 0

    def run(self, title: str, enough: int, case: Callable[[Counter[str]], list[str]]) -> None:
        """`case` is given what became of the ones before, and says what became of it, perhaps of several troubles."""
        became: Counter[str] = Counter()
        logged: Counter[str] = Counter()
        begun = since = time.monotonic()
        while became.total() - became[kills.LATE] < enough and time.monotonic() < self._end:
            try:
                became.update(case(became))
            except StopIteration:
                break
            except AssertionError as error:
                self.broken += 1
                became[BROKEN] += 1
                print(f"{BROKEN}: {title}: {error}", flush=True)
            if became.total() - logged.total() >= LOGGED:
                self._write(title, became - logged, time.monotonic() - since)
                logged, since = became.copy(), time.monotonic()
        self._write(title, became - logged, time.monotonic() - since)
        show(title, became, (time.monotonic() - begun) / 60)

    def _write(self, title: str, became: Counter[str], seconds: float) -> None:
        if self._log and became:
            told = {"title": title, "seed": self._seed, "minutes": round(seconds / 60, 1), "became": became}
            with self._log.open("a") as file:
                file.write(json.dumps(told) + "\n")


class Shelter:
    """A nursery that is another one now and then."""

    def __init__(self, library: Path | None = None) -> None:
        self._library = library
        self._nursery = Nursery(library=library)
        self._used = 0

    def for_case(self, ground: Ground | None) -> Nursery:
        """`ground` is None before there is one."""
        self._used += 1
        if ground is not None and self._used > RENEWED:
            self.close()
            self._nursery = Nursery(library=self._library)
            ground.warm(self._nursery)
            self._used = 1
        return self._nursery

    def close(self) -> None:
        self._nursery.close()


def show(title: str, became: Counter[str], minutes: float) -> None:
    told = ", ".join(f"{number} {what}" for what, number in sorted(became.items()))
    number = became.total() - became[kills.LATE]
    print(f"{title}: {number} in {minutes:.1f} min: {told or 'none'}", flush=True)


def add_up(log: Path) -> int:
    """Shows the sums of all runs whose lines are in the file; 1 where any was broken."""
    sums: dict[str, Counter[str]] = {}
    minutes: Counter[str] = Counter()
    seeds: dict[str, set[int]] = {}
    for line in log.read_text().splitlines():
        told = json.loads(line)
        title = told["title"]
        sums.setdefault(title, Counter()).update(told["became"])
        minutes[title] += told["minutes"]
        seeds.setdefault(title, set()).add(told["seed"])
    for title, became in sums.items():
        show(f"{title}, seeds {', '.join(map(str, sorted(seeds[title])))}", became, minutes[title])
    return int(any(became[BROKEN] for became in sums.values()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, what in (
        ("kills", "builds killed, in each of their stages"),
        ("members", "browsers, kernels, voices and others killed"),
        ("writes", "calls that write refused, spread evenly over all that builds make; -1 for each one"),
        ("clocks", "builds whose clock leaps"),
        ("damage", "stores damaged"),
        ("crowds", "crowds of two to eight builds that share a store"),
    ):
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=what)
    parser.add_argument("--part", default="1/1", metavar="K/N", help="of the calls, only each N-th from the K-th on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="when to stop in any case")
    parser.add_argument(
        "--after",
        type=int,
        default=0,
        metavar="N",
        help="of the calls, not those that an earlier run of the same seed has had",
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="where to add a line for each kind of trouble")
    parser.add_argument("--sum", type=Path, metavar="FILE", help="only add up what such a file tells")
    asked = parser.parse_args()
    if asked.sum:
        return add_up(asked.sum)
    chance = random.Random(asked.seed)
    campaign = Campaign(asked.minutes, asked.seed, asked.log)
    # A space in the path is a trouble of its own.
    with tempfile.TemporaryDirectory(prefix="deckcast faults ") as place, tempfile.TemporaryDirectory() as tools:
        if asked.kills:
            _kills(campaign, Path(place), asked.kills, chance)
        if asked.members:
            _members(campaign, Path(place), asked.members, chance)
        if asked.writes or asked.clocks:
            if why := shim.missing():
                parser.error(f"--writes and --clocks cannot be: {why}")
            _calls(
                campaign,
                Path(place),
                shim.compiled(Path(tools)),
                (asked.writes, asked.clocks),
                (asked.part, asked.after),
                chance,
            )
        if asked.damage or asked.crowds:
            _shared(campaign, Path(place), (asked.damage, asked.crowds), chance)
    print(f"seed {asked.seed}, {campaign.broken} broken promises")
    return 1 if campaign.broken else 0


def _kills(campaign: Campaign, place: Path, number: int, chance: random.Random) -> None:
    shelter = Shelter()
    ground = prepare(place / "kills", shelter.for_case(None))

    def case(hits: Counter[str]) -> list[str]:
        state, stages = kills.plan(chance, hits)
        try:
            return kills.series(ground, shelter.for_case(ground), ground.folder / "out", chance, state, stages)
        except AssertionError as error:
            raise AssertionError(f"{state}, {', '.join(stages)}: {error}") from error

    campaign.run("builds killed", number, case)
    shelter.close()


def _members(campaign: Campaign, place: Path, number: int, chance: random.Random) -> None:
    """A kind after the other, each as often as the others, so that a nursery and a ground serve several strikes."""
    from engines import tiny_voices

    voices = place / "voices"
    tiny_voices.piper(voices)
    tiny_voices.kokoro(voices)
    tiny_voices.vits(voices / "acme" / "mms-tiny")
    lives: dict[str, float] = {}
    for at, kind in enumerate(members.KINDS):
        shelter = Shelter()
        ground = prepare(
            place / f"members-{at}",
            shelter.for_case(None),
            voice=kind.voice,
            more=GRAPH if kind.name == "Graphviz" else "",
            environment={"DECKCAST_VOICES": str(voices)},
        )

        def case(
            _: Counter[str], ground: Ground = ground, kind: members.Kind = kind, shelter: Shelter = shelter
        ) -> list[str]:
            return [members.strike(ground, shelter.for_case(ground), ground.folder / "out", chance, kind, lives)]

        campaign.run(f"{kind.name} killed", -(-number // len(members.KINDS)), case)
        shelter.close()


def _calls(
    campaign: Campaign,
    place: Path,
    library: Path,
    number: tuple[int, int],
    share: tuple[str, int],
    chance: random.Random,
) -> None:
    (writes, clocks), (part, after) = number, share
    shelter = Shelter(library)
    ground = prepare(place / "calls", shelter.for_case(None))
    output = ground.folder / "out"
    if writes:
        each = list(refusals.calls(ground, shelter.for_case(ground), library, output))
        made = Counter(call.state for call in each)
        told = ", ".join(f"{many} ({state})" for state, many in made.items())
        print(f"builds make {len(each)} calls: {told}", flush=True)
        first, _, step = part.partition("/")
        each = each[int(first) - 1 :: int(step)]
        chosen = each if writes < 0 else chance.sample(each, min(writes, len(each)))
        chance.shuffle(chosen)  # so that a run that is ended early is an even sample
        chosen = chosen[after:]
        waiting = iter(chosen)

        def refuse(_: Counter[str]) -> list[str]:
            call = next(waiting)
            error, lasting = chance.choice([*shim.ERRORS, shim.KILLED]), chance.random() < 0.5
            try:
                nursery = shelter.for_case(ground)
                return [refusals.refuse(ground, nursery, library, output, call, error, lasting=lasting)]
            except AssertionError as wrong:
                raise AssertionError(f"{call}, {error}{' lasting' if lasting else ''}: {wrong}") from wrong

        campaign.run("writes refused", len(chosen), refuse)

    def clock(_: Counter[str]) -> list[str]:
        befall = leap if chance.random() < 0.7 else leap_beside
        return [befall(ground, shelter.for_case(ground), library, output, chance)]

    if clocks:
        campaign.run("clocks that leap", clocks, clock)
    shelter.close()


def _shared(campaign: Campaign, place: Path, number: tuple[int, int], chance: random.Random) -> None:
    shelter = Shelter()
    ground = prepare(place / "shared", shelter.for_case(None))
    output = ground.folder / "out"
    damaged, crowds = number
    if damaged:
        campaign.run("stores damaged", damaged, lambda _: [damage(ground, shelter.for_case(ground), output, chance, 8)])

    def together(_: Counter[str]) -> list[str]:
        return [crowd(ground, shelter.for_case(ground), output, chance, chance.randint(2, 8))]

    if crowds:
        campaign.run("crowds", crowds, together)
    shelter.close()


if __name__ == "__main__":
    sys.exit(main())
