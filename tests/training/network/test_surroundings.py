"""Each place looks at all the others: silent at first, then heard from one end of a picture to the other."""

import torch

from training.network.surroundings import Surroundings


@torch.inference_mode()
def test_before_it_has_learnt_it_says_nothing():
    said = Surroundings(8, gives=4).eval()(torch.randn(2, 8, 3, 5))
    assert said.shape == (2, 4, 3, 5)
    assert not said.any()


@torch.inference_mode()
def test_what_changes_in_one_corner_is_heard_in_the_other():
    torch.manual_seed(0)
    around = Surroundings(8, gives=4).eval()
    torch.nn.init.normal_(around.widen.weight)
    before = torch.randn(1, 8, 12, 12)
    after = before.clone()
    after[:, :, 0, 0] += 3
    change = (around(after) - around(before)).abs().amax(dim=1)[0]
    assert float(change[11, 11]) > 1e-5


def test_it_learns_though_it_begins_silent():
    around = Surroundings(8, gives=4)
    around(torch.randn(2, 8, 3, 3)).sum().backward()
    assert around.widen.weight.grad is not None
    assert float(around.widen.weight.grad.abs().sum()) > 0
