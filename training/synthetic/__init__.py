"""Photographs of legs that never were, with their exact zones and mottling."""
