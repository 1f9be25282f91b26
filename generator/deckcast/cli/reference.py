"""All commands as a Markdown page, from the commands themselves: docs/commands.md."""

from __future__ import annotations

from collections.abc import Iterator

import click


def reference() -> str:
    """A section for each command: what it does, its arguments, its options."""
    from deckcast.cli import group

    context = click.Context(group, info_name="deckcast")
    parts: list[str] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None:
            parts += _section(command, click.Context(command, info_name=name, parent=context))
    return "\n".join(parts).rstrip() + "\n"


def _section(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _section(inner, click.Context(inner, info_name=name, parent=context))
        return
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## {context.command_path}\n"
    yield f"```\n{context.command_path} {usage}\n```\n"
    yield _paragraphs(command.help or "")
    rows = [
        _row(one, context)
        for one in command.get_params(context)
        if isinstance(one, click.Option) and "--help" not in one.opts
    ]
    if rows:
        yield "| option | what it does |\n| --- | --- |"
        yield "\n".join(rows) + "\n"


def _paragraphs(text: str) -> str:
    import inspect

    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n")) + "\n"


def _row(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    written, text = record if record is not None else ("", "")
    shown = ", ".join(f"`{one.strip()}`" for one in written.split(", "))
    text = " ".join(text.split()).replace("<", "&lt;")
    return f"| {shown.replace('|', '&#124;')} | {text.replace('|', '&#124;')} |"
