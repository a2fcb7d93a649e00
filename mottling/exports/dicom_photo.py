"""A photograph as a VL Photographic Image: the very picture that was read, with nobody's name."""

from __future__ import annotations

import hashlib
import io

from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit, VLPhotographicImageStorage

from mottling.exports.dicom import DicomCase, DicomOrigin
from mottling.exports.dicom_terms import LEG, MAKER, RESEARCH, date_of, line, made_at, time_of, uid_of
from mottling.trial.records import PhotoSteps

__all__ = ["photograph"]

_SUBSAMPLED = "YBR_FULL_422"
"""What DICOM calls the colours of every baseline JPEG that is no grey one (PS3.5, 8.2.1)."""

# A Short String (SH).
_LONGEST_STUDY_ID = 16


def photograph(case: DicomCase, steps: PhotoSteps, origin: DicomOrigin) -> Dataset:
    """Make the image: the JPEG as it is, encapsulated, with what is known of it.

    No camera is named, and nothing is said of what the picture shows beside the skin: nobody looked for it.
    """
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    _add_patient(made, case, origin)
    _add_study(made, case, steps, origin)
    made.Modality = "XC"
    made.SeriesInstanceUID = uid_of(origin.registration, "series of photograph", steps.photo.photo_id)
    made.SeriesNumber = made.InstanceNumber = 1
    made.SeriesDescription = "Photograph as it was read"
    made.Laterality = None  # one leg or both: nobody says
    made.Manufacturer = None
    made_at(made, steps.taken_at)
    _add_picture(made, case.jpeg, steps)
    made.SOPClassUID = VLPhotographicImageStorage
    made.SOPInstanceUID = uid_of(
        origin.registration,
        "photograph",
        steps.photo.photo_id,
        hashlib.sha256(case.jpeg).hexdigest(),
        origin.version,
    )
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    return made


def _add_patient(made: Dataset, case: DicomCase, origin: DicomOrigin) -> None:
    patient, visit = case.outcome.records.patient, case.outcome.records.visit
    made.PatientID = line(patient.patient)
    made.IssuerOfPatientID = line(origin.registration)
    made.PatientName = made.PatientBirthDate = made.PatientSex = None
    made.PatientComments = RESEARCH
    made.ClinicalTrialTimePointID = line(visit.code)
    if origin.sponsor is None:
        return  # a clinical trial's subject cannot be said without it
    made.ClinicalTrialSponsorName = line(origin.sponsor)
    made.ClinicalTrialProtocolID = line(origin.registration)
    made.ClinicalTrialProtocolName = line(origin.trial)
    made.ClinicalTrialSiteID = line(patient.site)
    made.ClinicalTrialSiteName = None
    made.ClinicalTrialSubjectID = line(patient.patient)


def _add_study(made: Dataset, case: DicomCase, steps: PhotoSteps, origin: DicomOrigin) -> None:
    person, visit = case.outcome.records.first_number, case.outcome.records.visit
    made.StudyInstanceUID = uid_of(origin.registration, "visit", person, visit.code)
    made.StudyDate, made.StudyTime = date_of(steps.taken_at), time_of(steps.taken_at)
    made.StudyDescription = "Research: mottling score, not for care"
    made.StudyID = visit.code if len(visit.code) <= _LONGEST_STUDY_ID else None
    made.AccessionNumber = made.ReferringPhysicianName = None


def _add_picture(made: Dataset, jpeg: bytes, steps: PhotoSteps) -> None:
    with Image.open(io.BytesIO(jpeg)) as picture:
        made.Columns, made.Rows = picture.size
    made.PatientOrientation = None  # how the legs lie: nobody says
    made.ImageType = ["DERIVED", "PRIMARY"]
    made.DerivationDescription = (
        f"Turned upright, made smaller where it was larger, converted to sRGB, written as JPEG by {MAKER}:"
        f" the picture that its readers saw. SHA-256 of the file that came: {steps.photo.sha256}"
    )
    made.AcquisitionDateTime = date_of(steps.taken_at) + time_of(steps.taken_at)
    made.AcquisitionContextSequence = []
    region = Dataset()
    region.CodeValue, region.CodingSchemeDesignator = LEG.value, LEG.scheme_designator
    region.CodeMeaning = LEG.meaning
    made.AnatomicRegionSequence = [region]
    made.SamplesPerPixel, made.PlanarConfiguration = 3, 0
    made.PhotometricInterpretation = _SUBSAMPLED
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    made.LossyImageCompression, made.LossyImageCompressionMethod = "01", "ISO_10918_1"
    made.LossyImageCompressionRatio = f"{3 * made.Rows * made.Columns / len(jpeg):.2f}"
    made.PixelData = encapsulate([jpeg])
    made["PixelData"].VR = "OB"
