"""Mottling painted on photographs of healthy legs: who is in them, where it goes, how it looks."""
