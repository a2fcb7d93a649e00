"""A signed registry: nobody changes which model is in use without the key, and what is unsigned is said."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mottling.errors import ModelRefused
from mottling.listing import Retired, Signature
from mottling.registry import ModelFiles, Registry
from mottling.shipped import shipped
from tests.tiny_model import write_tiny_registry

MONDAY, TUESDAY = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 3, 8, tzinfo=UTC)


class Key:
    """A key whose public half is known."""

    def __init__(self, seed: int) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))
        self.public = self._key.public_key().public_bytes_raw().hex()

    def vouch(self, said: bytes) -> Signature:
        return Signature(public_key=self.public, signature=self._key.sign(said).hex())


OURS, THEIRS = Key(1), Key(2)


@pytest.fixture
def folder(tmp_path):
    return write_tiny_registry(tmp_path / "models", names=("one", "two", "three"))


@pytest.fixture
def signed(folder):
    """A registry that is signed with our key, which alone may sign."""
    registry = Registry(folder, keys={OURS.public}, vouch=OURS.vouch)
    registry.sign()
    return registry


def change(folder, alter):
    path = folder / "registry.json"
    said = json.loads(path.read_text("utf-8"))
    alter(said)
    path.write_text(json.dumps(said), "utf-8")


def test_the_shipped_registry_is_unsigned_and_taken_as_long_as_no_key_is_asked_for():
    assert Registry.open(shipped("models")).signed_by() is None
    with pytest.raises(ModelRefused, match="is not signed, and release_keys"):
        Registry(shipped("models"), keys={OURS.public}).active()


def test_a_signed_registry_says_who_signed_and_is_read_by_whoever_knows_the_key(signed):
    assert Registry(signed.folder, keys={THEIRS.public, OURS.public}).active().name == "one"
    assert Registry.open(signed.folder).signed_by() == OURS.public


def test_a_release_and_its_way_back_are_signed_where_the_registry_is(signed):
    signed.release("two", at=MONDAY)
    assert signed.active().name == "two"
    signed.roll_back(at=TUESDAY)
    assert Registry(signed.folder, keys={OURS.public}).active().name == "one"


def test_an_unsigned_registry_stays_unsigned_until_somebody_signs(folder):
    registry = Registry(folder, vouch=OURS.vouch)
    registry.release("two", at=MONDAY)
    assert registry.signed_by() is None


def test_a_challenger_is_added_without_a_key_and_is_not_in_use(signed):
    Registry.open(signed.folder).add("four", ModelFiles(b"a network", "# card", "{}"))
    assert [one.name for one in signed.models()] == ["one", "four", "three", "two"]


@pytest.mark.parametrize(
    "alter",
    [
        lambda said: said.update(active="two"),
        lambda said: said["models"][0].update(sha256="0" * 64),
        lambda said: said["models"][1].update(released_at="2026-03-02T08:00:00Z"),
        lambda said: said.update(releases=[{"name": "two", "at": "2026-03-02T08:00:00Z"}]),
        lambda said: said["signature"].update(public_key=THEIRS.public),
        lambda said: said["signature"].update(signature="0" * 128),
    ],
    ids=["active", "sha256", "released_at", "releases", "public_key", "signature"],
)
def test_a_registry_that_was_changed_since_is_refused_even_where_no_key_is_asked_for(signed, alter):
    change(signed.folder, alter)
    for registry in (signed, Registry(signed.folder)):
        with pytest.raises(ModelRefused, match="is not what was signed"):
            registry.active()


def test_a_changed_registry_is_not_signed_over(signed):
    change(signed.folder, lambda said: said.update(active="two"))
    with pytest.raises(ModelRefused, match="is not what was signed"):
        signed.sign()


def test_a_signature_that_was_taken_away_is_missed_where_a_key_is_asked_for(signed):
    change(signed.folder, lambda said: said.pop("signature"))
    with pytest.raises(ModelRefused, match="is not signed"):
        signed.models()


def test_who_signs_with_another_key_is_refused(signed):
    Registry(signed.folder, vouch=THEIRS.vouch).sign()
    with pytest.raises(ModelRefused, match="none of release_keys"):
        signed.active()
    with pytest.raises(ModelRefused, match="The key of this data folder"):
        Registry(signed.folder, keys={OURS.public}, vouch=THEIRS.vouch).sign()


def test_a_signed_registry_is_not_changed_where_no_key_is_at_hand(signed):
    with pytest.raises(ModelRefused, match="no key is at hand"):
        Registry.open(signed.folder).release("two", at=MONDAY)
    assert signed.active().name == "one"


def test_a_model_that_was_in_use_is_retired_with_a_signature(signed):
    signed.release("two", at=MONDAY)
    signed.retire("one", Retired(at=TUESDAY, by="eva", because="Too large"))
    assert Registry(signed.folder, keys={OURS.public}).find("one").retired.by == "eva"
    change(signed.folder, lambda said: said["models"][0]["retired"].update(by="mallory"))
    with pytest.raises(ModelRefused, match="is not what was signed"):
        signed.active()


def test_a_registry_without_a_model_in_use_has_nothing_to_sign(tmp_path):
    Registry.create(tmp_path)
    with pytest.raises(ModelRefused, match="No model is in use"):
        Registry(tmp_path, vouch=OURS.vouch).sign()
