"""A model looks at pictures as large as those that it was trained on last."""

from training.export import looks_of
from training.running.checkpoint import Checkpoint


def test_a_model_looks_as_its_last_phase_did():
    state = Checkpoint(9, {}, {}, {}, {"phases": [{"size_px": 192}, {"size_px": 320}]})
    assert (looks_of(state).first_px, looks_of(state).second_px) == (320, 320)
