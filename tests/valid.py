"""JSON schemas, checked by a library that takes a second to import: only the process that checks one imports it."""

from __future__ import annotations

from typing import Any


def check_schema(schema: Any) -> None:
    """Raises where it is no schema."""
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema)


def problems(schema: Any, told: Any) -> list[str]:
    """What in it is not as the schema says."""
    from jsonschema import Draft202012Validator

    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(told)]
