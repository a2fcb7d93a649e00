"""Photographs from another engine, for measuring only: Mitsuba traces them, and no network learns from them.

Body, pose and the zones of the scale are those of `training.synthetic`; pattern, skin, cloth, lights, lens
and phone are made by other means, so that what holds here does not hold by habit.
"""
