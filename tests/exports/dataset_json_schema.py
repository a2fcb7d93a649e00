"""What CDISC's own JSON schema of Dataset-JSON 1.1 finds wrong; cdisc/LICENCE.md says where it comes from."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft201909Validator

__all__ = ["against_the_schema"]

_SCHEMA = Path(__file__).parent / "cdisc" / "dataset.schema.json"


@cache
def _validator() -> Draft201909Validator:
    schema = json.loads(_SCHEMA.read_text("utf-8"))
    Draft201909Validator.check_schema(schema)
    return Draft201909Validator(schema)


def against_the_schema(data: bytes) -> list[str]:
    """List what in a file is against the schema: where it is, and what is wrong."""
    return [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(json.loads(data))]
