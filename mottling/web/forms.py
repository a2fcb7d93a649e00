"""What browsers send with a deed: frozen, of bounded length, and with no field that nobody asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Code", "Empty", "Form", "Password", "Reading", "Sentence"]

Code = Annotated[str, Field(min_length=1, max_length=80)]
"""By which the page and the server name one thing: a visit, a photograph, a reason, a reader."""
Sentence = Annotated[str, Field(max_length=2000)]
"""What somebody wrote; it may be empty, and the services say where it must not be."""
Password = Annotated[str, Field(max_length=1000)]
"""As signature under an act."""


class Form(BaseModel):
    """The form of a deed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Empty(Form):
    """The form of a deed that needs nothing."""


class Reading(Form):
    """Which reading a deed is about, by the random name that only its reader was given."""

    reading_id: Code
