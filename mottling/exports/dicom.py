"""DICOM: the photograph behind a patient's outcome, the border that a reader marked on it, and the score.

The only format that carries a photograph. It needs the extra `dicom`; nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass

from mottling.arrays import Mask
from mottling.errors import ExportRefused
from mottling.exports.extract import ExportFile
from mottling.trial.outcome import Missing, Outcome

__all__ = ["DicomCase", "DicomOrigin", "dicom", "has_answer"]

_ANSWERED = {None, Missing.NOT_ASSESSABLE, Missing.AT_LEAST_ONLY}


@dataclass(frozen=True)
class DicomCase:
    """One photograph whose answer is a patient's outcome."""

    outcome: Outcome
    jpeg: bytes
    """The upright picture that was shown to its readers, without Exif."""
    border: Mask | None
    """Of the picture's size; None where nobody who gave this answer marked one."""


@dataclass(frozen=True)
class DicomOrigin:
    """What the files are an export of."""

    trial: str
    registration: str
    sponsor: str | None
    version: str
    """Of Mottling."""


def has_answer(outcome: Outcome) -> bool:
    """Say whether an outcome goes back to an answer on a photograph: rules 6 to 8 of the outcome."""
    return outcome.source is not None and outcome.missing in _ANSWERED


def dicom(case: DicomCase, origin: DicomOrigin) -> tuple[ExportFile, ...]:
    """Write the files of one photograph; the same records give the same bytes.

    Raises:
        ExportRefused: The extra `dicom` is not installed, or a name of the trial file is too long.
    """
    try:
        # They take a second to load, and only this format needs them.
        from mottling.exports.dicom_border import border  # noqa: PLC0415 - as said above
        from mottling.exports.dicom_photo import photograph  # noqa: PLC0415 - as said above
        from mottling.exports.dicom_score import score  # noqa: PLC0415 - as said above
        from mottling.exports.dicom_terms import written  # noqa: PLC0415 - as said above
    except ModuleNotFoundError as error:
        raise ExportRefused(
            f"DICOM files need the package {error.name}, which is not installed",
            remedy="Install Mottling with its extra `dicom`: pip install '.[dicom]'",
        ) from error
    outcome = case.outcome
    assert has_answer(outcome), "asked before"
    assert outcome.source is not None, "answered"
    assert outcome.records.photo is not None, "answered"
    photo = photograph(case, outcome.records.photo.steps, origin)
    marked = None if case.border is None else border(photo, case.border, outcome.source, origin)
    made = {"photograph": photo, "border": marked, "score": score(photo, marked, outcome, origin)}
    number = outcome.records.patient.patient
    return tuple(
        ExportFile(f"{number}-{name}.dcm", written(one), 1) for name, one in made.items() if one is not None
    )
