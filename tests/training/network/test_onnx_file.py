"""The ONNX file answers as its source does, or there is none."""

from __future__ import annotations

import onnx
import pytest
import torch
from torch import Tensor, nn

from mottling.errors import TrainingRefused
from mottling.imaging.contract import ModelContract, ScoringRules
from training.network.mottling_network import Prediction
from training.network.onnx_file import PARITY_LIMIT, check_parity, contract_of, to_onnx, with_contract

_CONTRACT = ModelContract(scoring=ScoringRules(threshold=0.4))


class _SmallNetwork(nn.Module):
    """The same outputs as the real network, from one filter."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.filter = nn.Conv2d(3, 8, 4, stride=4)

    def forward(self, photo: Tensor) -> Prediction:
        maps = self.filter(photo)
        pooled = maps.mean(dim=(2, 3))
        return Prediction(maps[:, :6], maps[:, 6:7], pooled[:, :5], pooled[:, 5:6], pooled[:, 6:])


class _Surer(_SmallNetwork):
    """The same, but for what it says of readability."""

    def forward(self, photo: Tensor) -> Prediction:
        said = super().forward(photo)
        return said._replace(readable=said.readable + 1e-3)


@pytest.fixture(scope="module")
def model() -> bytes:
    return to_onnx(_SmallNetwork(), _CONTRACT)


def test_a_file_answers_as_its_network_on_every_size(model: bytes):
    assert check_parity(_SmallNetwork(), model).difference <= PARITY_LIMIT


def test_a_network_that_changed_since_is_not_the_files(model: bytes):
    network = _SmallNetwork()
    nn.init.constant_(network.filter.bias, 0.2)
    with pytest.raises(TrainingRefused, match=r"lies .* from the network's"):
        check_parity(network, model)


def test_an_answer_on_readability_that_changed_is_found_too(model: bytes):
    with pytest.raises(TrainingRefused, match="The ONNX file's readable lies"):
        check_parity(_Surer(), model)


def test_a_file_whose_weights_were_touched_is_refused(model: bytes):
    touched = onnx.load_from_string(model)
    weights = max(touched.graph.initializer, key=lambda one: len(one.raw_data))
    values = bytearray(weights.raw_data)
    values[2:4] = b"\x80\x3f"
    weights.raw_data = bytes(values)
    with pytest.raises(TrainingRefused, match=r"lies .* from the network's"):
        check_parity(_SmallNetwork(), touched.SerializeToString())


def test_an_export_that_differs_gives_no_file(monkeypatch: pytest.MonkeyPatch, model: bytes):
    monkeypatch.setattr("training.network.onnx_file._exported", lambda _: model)
    network = _SmallNetwork()
    nn.init.constant_(network.filter.bias, 0.2)
    with pytest.raises(TrainingRefused, match="Do not ship it"):
        to_onnx(network, _CONTRACT)


def test_the_contract_lies_in_the_file_and_can_be_replaced(model: bytes):
    assert contract_of(model) == _CONTRACT
    again = with_contract(model, ModelContract())
    assert contract_of(again) == ModelContract()
    check_parity(_SmallNetwork(), again)


def test_a_file_without_a_contract_is_refused(model: bytes):
    bare = onnx.load_from_string(model)
    del bare.metadata_props[:]
    with pytest.raises(TrainingRefused, match="holds no contract"):
        contract_of(bare.SerializeToString())


def test_the_weights_lie_in_the_file_itself(model: bytes):
    assert not any(one.external_data for one in onnx.load_from_string(model).graph.initializer)


def test_nothing_in_the_file_tells_where_it_was_made(model: bytes):
    assert b".py" not in model
    assert b"site-packages" not in model
    assert all(not node.metadata_props for node in onnx.load_from_string(model).graph.node)
