"""What a machine has that tasks may need: the resources of a Dask worker."""

from __future__ import annotations

from dataclasses import dataclass

from deckcast.errors import MachineError, UsageError

BROWSER, VOICE, GPU = "browser", "voice", "gpu"
KINDS = (BROWSER, VOICE, GPU)


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of thing."""

    kind: str
    amount: int
    """How many tasks may use it at once; 0 where it is not there or not offered."""
    reason: str
    """What it is, or why there is none."""


def look(threads: int, language: str = "en") -> tuple[Offer, ...]:
    """What this machine has. Starts nothing that stays, and connects to nothing."""
    from deckcast.engines import browsers, needs, voices

    browser = browsers.availability("")
    spoken = [name for name, found in voices.survey(language) if found.works and name not in _NO_VOICE]
    gpu = needs.meets(GPU)
    return (
        Offer(BROWSER, max(1, threads // 2) if browser.works else 0, browser.reason),
        Offer(VOICE, threads if spoken else 0, ", ".join(spoken) or f"none that speaks `{language}`"),
        # A chapter has all devices while its cells run: they measure, and what they load fills the memory.
        Offer(GPU, int(gpu.works), gpu.reason),
    )


_NO_VOICE = ("silent", "edge", "recorded")
"""They need nothing that a machine may lack, so that a build asks them by itself."""


def chosen(found: tuple[Offer, ...], wanted: tuple[str, ...]) -> tuple[Offer, ...]:
    """Only what is `wanted` of what was found. Raises `UsageError`, and `MachineError` for what is not there."""
    unknown = [kind for kind in wanted if kind not in KINDS]
    if unknown:
        raise UsageError(
            f"--offer {','.join(wanted)}: there is no `{unknown[0]}`", hint=f"there are: {', '.join(KINDS)}"
        )
    for one in found:
        if one.kind in wanted and not one.amount:
            raise MachineError(
                f"this machine has no `{one.kind}` to offer: {one.reason}",
                hint="`deckcast doctor` says what mends that",
            )
    return tuple(one if one.kind in wanted else Offer(one.kind, 0, "not offered") for one in found)
