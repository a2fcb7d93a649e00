"""The absorption of skin and the eye of a camera, from 400 to 700 nm in steps of 10 nm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "WAVELENGTH_NM",
    "baseline_per_cm",
    "blood_per_cm",
    "linear_srgb_weights",
    "melanosome_per_cm",
    "scattering_per_cm",
]

Spectrum = NDArray[np.float64]

WAVELENGTH_NM: Spectrum = np.arange(400.0, 701.0, 10.0)

# S. Prahl, Tabulated molar extinction coefficient for haemoglobin in water (omlc.org), cm⁻¹/(mol/l).
_OXYGENATED: Spectrum = np.array(
    [266232, 466840, 480360, 246072, 102580, 62816, 44480, 33209.2, 26629.2, 23684.4, 20932.8, 20035.2,
     24202.4, 39956.8, 53236, 43016, 32613.2, 44496, 50104, 14400.8, 3200, 1506, 942, 610, 442, 368, 319.6,
     294, 277.6, 276, 290]
)  # fmt: skip
_DEOXYGENATED: Spectrum = np.array(
    [223296, 303956, 407560, 528600, 413280, 103292, 23388.8, 16156.4, 14550, 16684, 20862, 25773.6, 31589.6,
     39036.4, 46592, 53412, 53788, 45072, 37020, 28324.4, 14677.2, 9443.6, 6509.6, 5148.8, 4345.2, 3750.12,
     3226.56, 2795.12, 2407.92, 2051.96, 1794.28]
)  # fmt: skip

# CIE standard illuminant D65, relative power.
_DAYLIGHT: Spectrum = np.array(
    [82.75, 91.49, 93.43, 86.68, 104.86, 117.01, 117.81, 114.86, 115.92, 108.81, 109.35, 107.80, 104.79,
     107.69, 104.41, 104.05, 100.00, 96.33, 95.79, 88.69, 90.01, 89.60, 87.70, 83.29, 83.70, 80.03, 80.21,
     82.28, 78.28, 69.72, 71.61]
)  # fmt: skip

# Whole blood holds 150 g of haemoglobin a litre; 64,500 g/mol (Prahl).
_MOL_PER_LITRE = 150 / 64_500
_NATURAL_LOG = 2.303

# IEC 61966-2-1.
_XYZ_TO_SRGB = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]], np.float64
)


def blood_per_cm(oxygen_share: float | Spectrum) -> Spectrum:
    """Absorption of whole blood, of which the share given is oxygenated (0-1)."""
    mixed = oxygen_share * _OXYGENATED + (1 - oxygen_share) * _DEOXYGENATED
    return np.asarray(_NATURAL_LOG * _MOL_PER_LITRE * mixed)


def melanosome_per_cm() -> Spectrum:
    """Absorption of pure melanosome (Jacques)."""
    return np.asarray(6.6e11 * WAVELENGTH_NM**-3.33)


def baseline_per_cm() -> Spectrum:
    """Absorption of bloodless skin without melanin (Jacques)."""
    return np.asarray(0.244 + 85.3 * np.exp(-(WAVELENGTH_NM - 154) / 66.2))


def scattering_per_cm() -> Spectrum:
    """Reduced scattering of skin (Jacques)."""
    return np.asarray(46 * (WAVELENGTH_NM / 500) ** -1.421)


def linear_srgb_weights() -> Spectrum:
    """(31, 3): a reflectance of 1 everywhere becomes white, (1, 1, 1)."""
    matching = np.stack([_lobes(_X), _lobes(_Y), _lobes(_Z)])  # (3, 31)
    weights = _XYZ_TO_SRGB @ (matching * _DAYLIGHT)  # (3, 31)
    return np.asarray((weights / weights.sum(axis=1, keepdims=True)).T)


# Wyman, Sloan, Shirley 2013 (JCGT 2:2): height, centre nm, width below and above, of each lobe of CIE 1931.
_X = ((1.056, 599.8, 37.9, 31.0), (0.362, 442.0, 16.0, 26.7), (-0.065, 501.1, 20.4, 26.2))
_Y = ((0.821, 568.8, 46.9, 40.5), (0.286, 530.9, 16.3, 31.1))
_Z = ((1.217, 437.0, 11.8, 36.0), (0.681, 459.0, 26.0, 13.8))


def _lobes(lobes: tuple[tuple[float, float, float, float], ...]) -> Spectrum:
    total = np.zeros_like(WAVELENGTH_NM)
    for height, centre_nm, below_nm, above_nm in lobes:
        width = np.where(centre_nm > WAVELENGTH_NM, below_nm, above_nm)
        total = total + height * np.exp(-0.5 * ((WAVELENGTH_NM - centre_nm) / width) ** 2)
    return total
