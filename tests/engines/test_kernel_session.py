"""Limits, answers and endings of a session, with a wire that plays its kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from deckcast.engines import kernel_session, kernel_turn
from deckcast.engines.kernel_session import Session
from deckcast.errors import KernelError
from deckcast.model import Failure, Output
from deckcast.ports import Ran
from engines.wires import Script, ScriptedWire, in_turn, lost, says


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting is the same with shorter times."""
    monkeypatch.setattr(kernel_turn, "GRACE", 0.2)
    monkeypatch.setattr(kernel_turn, "LAST_WORDS", 0.2)
    monkeypatch.setattr(kernel_turn, "TICK", 0.02)
    monkeypatch.setattr(kernel_session, "_HEARD", 0.05)


def session(script: Script, **named: Any) -> tuple[Session, ScriptedWire]:
    wire = ScriptedWire(script)
    return Session(wire, python=False, **named), wire


def run(kernel: Session, source: str = "x", *, timeout: float = 5, limit: int = 1000) -> Ran:
    return kernel.run(source, timeout=timeout, limit=limit)


def text(ran: Ran) -> str:
    return "".join(str(output.get("text/plain")) for output in ran.outputs)


def silent(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
    """A kernel that is busy."""


# ── beginning ──


def test_it_begins_when_the_way_of_outputs_is_there() -> None:
    wire = ScriptedWire(says("a"), deaf=2)
    assert text(run(Session(wire, python=False))) == "a"
    assert wire.greetings == 3


def test_a_kernel_that_ends_when_it_starts_is_told() -> None:
    wire = ScriptedWire(silent, greeting=False)
    wire.end = "exit code 1"
    with pytest.raises(KernelError, match="ended when it was started: exit code 1"):
        Session(wire, python=False)


def test_a_kernel_that_never_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_session, "START", 0.2)
    with pytest.raises(KernelError, match="did not answer within"):
        Session(ScriptedWire(silent, greeting=False), python=False)


def test_a_prelude_that_fails_is_told_with_its_traceback() -> None:
    def broken(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.done(parent, status="error", ename="NameError", evalue="get_ipython", traceback=["line 1"])

    with pytest.raises(KernelError, match="cannot be prepared: NameError: get_ipython") as caught:
        session(broken, prelude="prepare()")
    assert caught.value.finding.details == (("traceback", "line 1"),)


# ── running ──


def test_a_run_keeps_history_and_asks_no_questions_of_anybody() -> None:
    kernel, wire = session(says("a"))
    run(kernel, "print('a')")
    [request] = wire.requests
    assert request["code"] == "print('a')"
    assert (request["silent"], request["store_history"], request["allow_stdin"]) == (False, True, False)


def test_outputs_that_come_behind_the_reply_belong_to_the_run() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.reply(parent)
        wire.stream(parent, "a")
        wire.idle(parent)

    assert text(run(session(script)[0])) == "a"


def test_a_kernel_that_never_says_that_it_is_idle_is_not_waited_for() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.stream(parent, "a")
        wire.reply(parent)

    ran = run(session(script)[0])
    assert (text(ran), ran.failure, ran.alive) == ("a", None, True)


def test_a_help_page_is_an_output() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.done(parent, payload=[{"source": "page", "data": {"text/plain": "help"}}, {"source": "ask_exit"}])

    assert run(session(script)[0]).outputs == (Output("display", (("text/plain", "help"),)),)


def test_a_failure_has_no_colours_and_the_deepest_line_of_its_own_run() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        trace = ["\x1b[31mTraceback\x1b[0m", "Cell In[1], line 2", "Cell In[1], line 7 in f", "Cell In[9], line 3"]
        wire.put("iopub", "error", parent, {"ename": "\x1b[1mE\x1b[0m", "evalue": "\x1b[1mv", "traceback": trace})
        wire.done(parent, status="error", ename="other")

    failure = run(session(script)[0]).failure
    assert failure == Failure(
        "E", "v", "Traceback\nCell In[1], line 2\nCell In[1], line 7 in f\nCell In[9], line 3", line=7
    )


def test_a_failure_that_only_the_reply_tells_is_one() -> None:
    kernel, _ = session(lambda wire, parent, content: wire.done(parent, status="error", ename="", evalue="3"))
    assert run(kernel).failure == Failure("Error", "3")


def test_a_failure_of_any_length_is_cut() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.done(
            parent, status="error", ename="E", evalue="x" * 1_000_000, traceback=["first", "y" * 1_000_000, "last"]
        )

    failure = run(session(script)[0]).failure
    assert failure is not None
    assert len(failure.message) < 20_000
    assert len(failure.traceback) < 200_000
    assert failure.traceback.startswith("first")
    assert failure.traceback.endswith("last")


def test_a_run_that_was_interrupted_from_outside_has_failed() -> None:
    failure = run(session(lambda wire, parent, content: wire.done(parent, status="abort"))[0]).failure
    assert failure is not None
    assert failure.name == "Interrupted"


def test_the_peak_is_what_the_wire_has_seen() -> None:
    kernel, wire = session(says("a"))
    wire.seen_peak = 123
    assert run(kernel).peak == 123


# ── limits ──


def test_code_that_takes_too_long_is_interrupted_and_the_kernel_lives() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.stream(parent, "so far")

        def stop() -> None:
            wire.done(parent, status="error", ename="KeyboardInterrupt", traceback=["Cell In[1], line 4"])

        wire.at_interrupt = stop

    kernel, wire = session(in_turn([script, says("next")]))
    ran = run(kernel, timeout=0.1)
    assert ran.failure == Failure("Timeout", "it took longer than 0.1 s", "Cell In[1], line 4", 4)
    assert (text(ran), ran.alive, wire.interrupts, wire.kills) == ("so far", True, 1, 0)
    assert text(run(kernel)) == "next"


def test_code_that_ignores_the_interrupt_is_killed() -> None:
    kernel, wire = session(silent)
    ran = run(kernel, timeout=0.1)
    assert ran.failure is not None
    assert ran.failure.name == "Timeout"
    assert "its kernel was ended" in ran.failure.message
    assert (ran.alive, wire.interrupts, wire.kills) == (False, 1, 1)
    with pytest.raises(KernelError, match="has ended"):
        run(kernel)


def test_code_that_is_done_when_it_is_interrupted_took_too_long_all_the_same() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.at_interrupt = lambda: wire.done(parent)

    failure = run(session(script)[0], timeout=0.1).failure
    assert failure is not None
    assert failure.name == "Timeout"


def test_a_reply_in_time_is_in_time_though_its_outputs_come_later() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.reply(parent)
        wire.put("iopub", "stream", parent, {"name": "stdout", "text": "a"}, after=0.15)
        wire.idle(parent)

    ran = run(session(script)[0], timeout=0.1)
    assert (text(ran), ran.failure) == ("a", None)


def test_a_flood_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_turn, "FLOOD", 1000)

    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        for _ in range(20):
            wire.stream(parent, "x" * 100)
        wire.at_interrupt = lambda: wire.done(parent, status="error", ename="KeyboardInterrupt")

    ran = run(session(script)[0], limit=50)
    assert ran.failure is not None
    assert ran.failure.name == "OutputLimit"
    assert (len(text(ran)), ran.dropped, ran.alive) == (50, 1950, True)


def test_a_flood_that_has_ended_is_only_cut() -> None:
    ran = run(session(says(*["x" * 100] * 20))[0], limit=50)
    assert (ran.failure, ran.dropped, ran.alive) == (None, 1950, True)


# ── endings ──


def test_a_kernel_that_died_is_told_with_what_it_had_said() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.stream(parent, "last words")
        wire.end = "exit code 3"

    kernel, _ = session(script)
    ran = run(kernel)
    assert ran.failure == Failure("KernelDied", "the kernel died: exit code 3")
    assert (text(ran), ran.alive) == ("last words", False)
    for ask in (lambda: run(kernel), lambda: kernel.evaluate("1", timeout=1)):
        with pytest.raises(KernelError, match="has ended"):
            ask()


def test_a_kernel_that_the_system_killed_may_have_lacked_memory() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.end = "signal 9 (SIGKILL)"

    failure = run(session(script)[0]).failure
    assert failure is not None
    assert failure.message == "the kernel died: signal 9 (SIGKILL); was there not enough memory on the machine?"


def test_a_kernel_that_was_ended_for_its_memory_says_so() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.end, wire.by_us = "signal 9 (SIGKILL)", Failure("MemoryLimit", "it took 2 GiB")

    ran = run(session(script)[0])
    assert (ran.failure, ran.alive) == (Failure("MemoryLimit", "it took 2 GiB"), False)


def test_a_kernel_that_dies_behind_its_answer_has_answered() -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.done(parent)
        wire.end = "exit code 0"

    ran = run(session(script)[0])
    assert (ran.failure, ran.alive) == (None, False)


def test_a_lost_connection_is_an_error_of_the_place() -> None:
    with pytest.raises(KernelError, match="connection is lost"):
        run(session(lost)[0])


def test_closing_twice_closes_once_and_nothing_runs_behind_it() -> None:
    kernel, wire = session(says("a"))
    kernel.close()
    kernel.close()
    assert wire.closes == 1
    with pytest.raises(KernelError, match="has ended"):
        run(kernel)


# ── late words ──


def test_words_of_a_run_that_is_over_never_stand_in_another_one() -> None:
    def second(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.stream("request 1", "late ")
        wire.stream(parent, "own")
        wire.stream("request 1", "\x1b[31mwords")
        wire.stream("nobody", "unknown")
        wire.done(parent)

    kernel, _ = session(in_turn([says("a"), second]))
    assert text(run(kernel)) == "a"
    assert text(run(kernel)) == "own"
    assert kernel.late() == ((1, "late words"),)
    assert kernel.late() == ()


def test_words_between_two_runs_are_late() -> None:
    kernel, wire = session(says("a"))
    run(kernel)
    wire.stream("request 1", "late")
    assert text(run(kernel)) == "a"
    assert kernel.late() == ((1, "late"),)


def test_the_rest_of_a_flood_is_not_late(monkeypatch: pytest.MonkeyPatch) -> None:
    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.stream(parent, "x" * 100)
        wire.done(parent)
        wire.stream(parent, "y" * 100)

    kernel, _ = session(script)
    run(kernel, limit=10)
    assert kernel.late() == ()


# ── other languages ──


def test_a_value_is_what_an_expression_shows_or_else_prints() -> None:
    def shows(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.stream(parent, "noise\n")
        wire.put("iopub", "execute_result", parent, {"data": {"text/plain": " 42\n"}, "metadata": {}})
        wire.done(parent)

    def complains(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        wire.stream(parent, "warning\n", "stderr")
        wire.stream(parent, " printed \n")
        wire.done(parent)

    kernel, wire = session(in_turn([shows, complains]))
    assert kernel.evaluate("(* 6 7)", timeout=1).outputs == (Output("result", (("text/plain", "42"),)),)
    assert wire.requests[0]["code"] == "(* 6 7)"
    assert kernel.evaluate("(display 1)", timeout=1).outputs == (Output("result", (("text/plain", "printed"),)),)


def test_a_value_that_fails_is_no_output() -> None:
    kernel, _ = session(lambda wire, parent, content: wire.done(parent, status="error", ename="E"))
    ran = kernel.evaluate("x", timeout=1)
    assert (ran.outputs, ran.failure) == ((), Failure("E", ""))


def test_a_kernel_of_another_language_tells_its_name_and_what_is_known_of_its_machine() -> None:
    kernel, _ = session(says(), machine=lambda: {"cpu": "C", "cores": 2, "language": "Python", "accelerators": ["G"]})
    told = kernel.provenance()
    assert (told.language, told.kernel, told.cpu, told.cores) == ("Scheme 7", "scripted", "C", 2)
    assert told.accelerators == ("G",)
    assert told.date.endswith("Z")
