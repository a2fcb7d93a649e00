"""The mottled border that a reader marked, as a DICOM segmentation of the photograph, pixel for pixel."""

from __future__ import annotations

import hashlib

from highdicom.seg import SegmentAlgorithmTypeValues, Segmentation, SegmentationTypeValues, SegmentDescription
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from mottling.arrays import Mask
from mottling.exports.dicom import DicomOrigin
from mottling.exports.dicom_terms import LEG, MAKER, made_at, uid_of
from mottling.trial.outcome import Source

__all__ = ["border"]

_ABNORMAL = Code("49755003", "SCT", "Morphologically Abnormal Structure")
_MOTTLED = Code("406128001", "SCT", "Mottling of skin")


def border(photo: Dataset, mottled: Mask, source: Source, origin: DicomOrigin) -> Segmentation:
    """Make the segmentation: one segment, drawn by hand by somebody who is not named.

    Args:
        photo: The photograph's file.
        mottled: What was marked, of the size of the photograph.
        source: The answer that the border goes with.
        origin: What it is an export of.
    """
    hand = hashlib.sha256(mottled.tobytes()).hexdigest()
    named = (origin.registration, str(photo.SOPInstanceUID), source.record_id, hand, origin.version)
    made = Segmentation(
        source_images=[photo],
        pixel_array=mottled,
        segmentation_type=SegmentationTypeValues.BINARY,
        segment_descriptions=[_segment(uid_of("mottled skin", *named))],
        series_instance_uid=uid_of("series of border", *named),
        series_number=2,
        sop_instance_uid=uid_of("border", *named),
        instance_number=1,
        manufacturer=MAKER,
        manufacturer_model_name=MAKER,
        software_versions=origin.version,
        device_serial_number="none",
        content_label="MOTTLED_SKIN",
        content_description="Mottled border as a reader marked it by hand",
        series_description="Mottled border as a reader marked it",
    )
    made.PatientOrientation = None  # as of the photograph
    made_at(made, source.at)
    _name_dimensions(made, uid_of("dimensions", *named))
    return made


def _segment(uid: str) -> SegmentDescription:
    return SegmentDescription(
        segment_number=1,
        segment_label="Mottled skin",
        segmented_property_category=_ABNORMAL,
        segmented_property_type=_MOTTLED,
        algorithm_type=SegmentAlgorithmTypeValues.MANUAL,
        tracking_uid=uid,
        tracking_id="Mottled skin",
        anatomic_regions=[LEG],
    )


def _name_dimensions(made: Dataset, uid: str) -> None:
    """Give the order of frames a UID that comes of the record; highdicom draws one."""
    organization = made.DimensionOrganizationSequence[0]
    drawn = organization.DimensionOrganizationUID
    organization.DimensionOrganizationUID = uid
    for index in made.DimensionIndexSequence:
        assert index.DimensionOrganizationUID == drawn, "one organization"
        index.DimensionOrganizationUID = uid
