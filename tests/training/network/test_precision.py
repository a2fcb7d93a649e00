"""Where bfloat16 is used."""

import torch

from training.network.precision import computes_in_bfloat16


def test_a_graphics_card_computes_in_bfloat16():
    assert computes_in_bfloat16(torch.device("cuda"))


def test_a_processor_does_when_it_has_the_instructions(monkeypatch):
    for has in (True, False):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda has=has: {"avx512_bf16": has})
        assert computes_in_bfloat16(torch.device("cpu")) is has
