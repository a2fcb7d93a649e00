"""What every DICOM file of ours shares: codes, UIDs that come of what they name, times, and the bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import UID, generate_uid

from mottling.errors import ExportRefused

__all__ = [
    "LEG",
    "MAKER",
    "RESEARCH",
    "SCHEME",
    "add_scheme",
    "date_of",
    "line",
    "made_at",
    "ours",
    "time_of",
    "uid_of",
    "written",
]

MAKER = "Mottling"
SCHEME = "99MOTTLING"
"""Of the codes that no standard has: the score is one."""
RESEARCH = "Research: outcome of a clinical trial. Not for diagnosis or treatment."
LEG = Code("61685007", "SCT", "Lower limb")

# A Long String (LO) holds so many characters and no backslash, which parts values (PS3.5, table 6.2-1).
_LONGEST_LINE = 64


def ours(value: str, meaning: str) -> Code:
    """Make a code of our own scheme."""
    return Code(value, SCHEME, meaning)


def add_scheme(dataset: Dataset) -> None:
    """Say whose the codes of our own scheme are."""
    scheme = Dataset()
    scheme.CodingSchemeDesignator = SCHEME
    scheme.CodingSchemeName = "Codes of the software Mottling"
    scheme.CodingSchemeResponsibleOrganization = MAKER
    dataset.CodingSchemeIdentificationSequence = [scheme]


def uid_of(*names: str) -> UID:
    """Make a UID of what it names: the same thing has the same one in every export."""
    # Its length before each name: ("a", "bc") and ("ab", "c") are not the same thing.
    return generate_uid(entropy_srcs=[f"{len(name)}:{name}" for name in names])


def line(text: str) -> str:
    """Give a text that DICOM can hold in a line.

    Raises:
        ExportRefused: It is too long, or has a backslash.
    """
    if len(text) > _LONGEST_LINE or "\\" in text:
        raise ExportRefused(
            f"DICOM has no place for {text!r}",
            remedy=f"Take at most {_LONGEST_LINE} characters and no backslash in the trial file",
        )
    return text


def date_of(at: datetime) -> str:
    """Write the day of a time, in UTC."""
    return at.astimezone(UTC).strftime("%Y%m%d")


def time_of(at: datetime) -> str:
    """Write the clock of a time, in UTC."""
    return at.astimezone(UTC).strftime("%H%M%S")


def made_at(dataset: Dataset, at: datetime) -> None:
    """Say when what a file holds was made. When the file was is not said: its bytes come of the records."""
    for keyword in ("InstanceCreationDate", "InstanceCreationTime"):
        if keyword in dataset:
            del dataset[keyword]
    for equipment in dataset.get("ContributingEquipmentSequence", ()):
        del equipment.ContributionDateTime
    dataset.TimezoneOffsetFromUTC = "+0000"
    dataset.SeriesDate = dataset.ContentDate = date_of(at)
    dataset.SeriesTime = dataset.ContentTime = time_of(at)


def written(dataset: Dataset) -> bytes:
    """Give the bytes of a file (PS3.10)."""
    data = io.BytesIO()
    dataset.save_as(data, enforce_file_format=True)
    return data.getvalue()
