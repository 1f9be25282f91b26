"""How a session talks to one kernel: what a kernel here and one on a Jupyter server must both offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypeAlias

from deckcast.model import Failure

Channel: TypeAlias = Literal["shell", "control", "iopub"]
Message: TypeAlias = Mapping[str, Any]
"""Of the Jupyter protocol: `msg_type`, `parent_header`, `content`."""


class Wire(Protocol):
    """The kernel's channels and its life. Used by one thread."""

    name: str
    """The kernel's name: `python3`."""

    def send(self, channel: Channel, kind: str, content: Mapping[str, Any]) -> str:
        """Sends a message and gives its id. Raises `KernelError` when the connection is lost for good."""
        ...

    def receive(self, timeout: float) -> tuple[Channel, Message] | None:
        """The next message on any channel, None when there is none in time. Raises `KernelError` likewise.

        Messages of one channel come in their order.
        """
        ...

    def interrupt(self) -> None:
        """Does what a keyboard's Ctrl-C does, and does not wait."""
        ...

    def kill(self) -> None:
        """Ends the kernel and all that it started, at once."""
        ...

    def ended(self) -> str:
        """Empty while it lives; else how it ended: `exit code 3`, `signal 11 (SIGSEGV)`."""
        ...

    def ended_by_us(self) -> Failure | None:
        """Why we ended it, such as for the memory it took; None where we did not."""
        ...

    def peak(self) -> int:
        """Most memory that it and its children were seen to hold, in bytes; 0 where nobody looks."""
        ...

    def close(self) -> None:
        """Ends the kernel, politely where it is idle, and all that it started. Twice is harmless."""
        ...


def request_of(message: Message) -> str:
    """The id of the message that this one answers."""
    return str((message.get("parent_header") or {}).get("msg_id", ""))
