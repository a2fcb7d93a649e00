"""One hospital: a look of its own in every picture, drawn without a look at the score."""

import numpy as np

from training.synthetic.appearance import draw_appearance
from training.synthetic.hospital import at_the_hospital
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.records import PatternFamily
from training.synthetic.scene_records import Framing


def _drawn(ranges: Ranges, count: int = 200):
    return [draw_appearance(np.random.default_rng((9, seed)), ranges) for seed in range(count)]


def test_its_phone_its_lamps_and_its_nets_lie_beyond_what_training_draws():
    trained, here = _drawn(Ranges.TRAINING), _drawn(Ranges.HOSPITAL)
    assert max(one.phone.saturation for one in here) < min(one.phone.saturation for one in trained)
    assert max(one.phone.contrast for one in here) < min(one.phone.contrast for one in trained)
    assert min(light.kelvin for one in here for light in one.lights) > 6500
    assert {one.look.family for one in here} == {PatternFamily.WAVES}
    assert PatternFamily.WAVES not in {one.look.family for one in trained}


def test_mottling_and_the_persons_tone_stay_those_of_the_ward():
    for seed, ward in enumerate(_drawn(Ranges.WARD, 40)):
        here = at_the_hospital(ward, np.random.default_rng(seed))
        assert (here.legs, here.skin.tone, here.skin.melanosomes) == (
            ward.legs,
            ward.skin.tone,
            ward.skin.melanosomes,
        )


def test_its_photographs_are_taken_as_a_trial_asks():
    scenes = [draw_scene(np.random.default_rng((8, seed)), Ranges.HOSPITAL) for seed in range(20)]
    assert {(one.pose.standing, one.camera.framing) for one in scenes} == {(False, Framing.FULL)}
