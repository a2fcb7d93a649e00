"""A network is run as it says it wants to be, or not at all."""

import json
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
import onnx
import pytest
from onnx import helper

from mottling.errors import ModelRefused
from mottling.imaging.contract import EMBEDDING_SIZE, METADATA_KEY, Looks, ModelContract, Reference
from mottling.imaging.legs import most_likely_zones
from mottling.imaging.preprocess import fit
from mottling.imaging.segmentation import Segmentation
from mottling.scale import Zone
from tests.tiny_model import draw_photo, leg_zones, tiny_model_bytes


def changed(**changes):
    """The tiny network, saying something else of itself."""
    model = onnx.load_from_string(tiny_model_bytes())
    del model.metadata_props[:]
    said = {**msgspec.to_builtins(ModelContract()), **changes}
    helper.set_model_props(model, {METADATA_KEY: json.dumps(said)})
    return model.SerializeToString()


def test_maps_cover_the_photograph_without_its_padding():
    fitted = fit(draw_photo(leg_zones(400, 250), [Zone.COIN]), long_side_px=500)
    look = Segmentation(tiny_model_bytes(), name="tiny").look(fitted)
    assert look.mottling.shape == (125, 78)
    assert look.zones.shape == (6, 125, 78)
    assert look.zones.sum(axis=0) == pytest.approx(1, abs=1e-5)
    assert set(np.unique(most_likely_zones(look.zones))) == set(range(6))
    assert look.mottling.max() > 0.99
    assert look.readable > 0.99
    assert len(look.ordinal) == 5


def test_what_the_network_says_of_itself_is_obeyed():
    contract = ModelContract(looks=Looks(first_px=384))
    network = Segmentation(tiny_model_bytes(contract), name="tiny")
    assert network.contract == contract


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"version": 3}, "version"),
        ({"mean": 0}, "mean"),
        ({"zones": ["not_skin", "knee"]}, "zones"),
        ({"colour": "BGR"}, "colour"),
        ({"scoring": {"percentile": 0}}, "scoring.percentile"),
    ],
)
def test_refuses_another_contract_and_names_what_differs(change, named):
    with pytest.raises(ModelRefused, match=named):
        Segmentation(changed(**change), name="other")


def test_refuses_a_network_that_says_nothing_of_itself():
    model = onnx.load_from_string(tiny_model_bytes())
    del model.metadata_props[:]
    with pytest.raises(ModelRefused, match="says nothing"):
        Segmentation(model.SerializeToString(), name="silent")


def test_refuses_a_network_with_other_outputs():
    model = onnx.load_from_string(tiny_model_bytes())
    del model.graph.output[3]
    with pytest.raises(ModelRefused, match="takes photo and gives embedding, mottling, ordinal, zones"):
        Segmentation(model.SerializeToString(), name="short")


def test_a_network_of_the_first_contract_goes_on_reading_and_says_nothing_of_the_skins_look():
    model = onnx.load_from_string(changed(version=1))
    del model.graph.output[4]
    fitted = fit(draw_photo(leg_zones(), [Zone.COIN]), long_side_px=256)
    old = Segmentation(model.SerializeToString(), name="old").look(fitted)
    assert (old.embedding, old.distance) == (None, None)
    assert (old.mottling == Segmentation(tiny_model_bytes(), name="tiny").look(fitted).mottling).all()


def test_refuses_a_network_that_promises_an_embedding_and_gives_none():
    model = onnx.load_from_string(tiny_model_bytes())
    del model.graph.output[4]
    with pytest.raises(ModelRefused, match="takes photo and gives mottling, ordinal, readable, zones"):
        Segmentation(model.SerializeToString(), name="short")


def test_without_a_reference_there_is_an_embedding_and_no_distance():
    look = Segmentation(tiny_model_bytes(), name="tiny").look(fit(draw_photo(leg_zones()), long_side_px=256))
    assert look.embedding is not None
    assert look.embedding.shape == (EMBEDDING_SIZE,)
    assert look.embedding.dtype == np.float32
    assert look.distance is None


def test_with_a_reference_the_distance_is_a_part_of_the_usual_one():
    fitted = fit(draw_photo(leg_zones()), long_side_px=256)
    here = Segmentation(tiny_model_bytes(), name="tiny").look(fitted).embedding
    diagonal = tuple(map(tuple, np.eye(EMBEDDING_SIZE)))
    mean = tuple(float(value) - 2.0 * (place == 0) for place, value in enumerate(here))
    contract = ModelContract(
        reference=Reference(mean=mean, whitening=diagonal, usual=4.0, photographs=EMBEDDING_SIZE)
    )
    assert Segmentation(tiny_model_bytes(contract), name="tiny").look(fitted).distance == pytest.approx(0.5)


@pytest.mark.parametrize("data", [b"", b"no network", tiny_model_bytes()[:300]])
def test_refuses_what_is_no_network(data):
    with pytest.raises(ModelRefused, match="broken is no network"):
        Segmentation(data, name="broken")


def test_several_threads_see_what_one_sees():
    network = Segmentation(tiny_model_bytes(), name="tiny", threads=1)
    fitted = [fit(draw_photo(leg_zones(), [Zone(k)]), long_side_px=256) for k in range(1, 5)]
    alone = [network.look(one).mottling for one in fitted]
    with ThreadPoolExecutor(4) as pool:
        together = [look.mottling for look in pool.map(network.look, fitted)]
    assert all((a == b).all() for a, b in zip(alone, together, strict=True))
