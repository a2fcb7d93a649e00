"""Mottling reads the extent of skin mottling (0 to 5) from photographs of the knees."""

__all__ = ["__version__"]

__version__ = "0.1.0"
