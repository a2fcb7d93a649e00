"""A photograph survives a network that fails: it is sent again by itself, and stored once."""

import hashlib

from playwright.sync_api import expect

from tests.house import NINA


def test_a_photograph_is_sent_again_with_the_same_key(served, enter, a_photo):
    ward = enter(NINA, language="fr", size="tablet", scheme="dark")
    keys: list[str] = []

    def fail_twice(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) <= 2:
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    ward.route("**/ward/photos", fail_twice)
    ward.locator('.todo[data-with-patient="01-002"][data-with-visit="day1"]').click()
    ward.locator(".photo-camera input").set_input_files(a_photo)
    expect(ward.locator(".photo-said")).to_contain_text("Pas de connexion")
    expect(ward.locator(".answer")).to_be_visible()
    assert len(keys) == 3
    assert len(set(keys)) == 1
    sent = hashlib.sha256(a_photo.read_bytes()).hexdigest()
    copies = [one for one in served.settings.data.rglob("*") if one.is_file() and one.name.startswith(sent)]
    assert len(copies) == 1


def test_what_is_no_photograph_is_refused_in_the_language_of_the_page(enter, tmp_path):
    ward = enter(NINA, language="fr", size="tablet")
    (tmp_path / "page.jpg").write_text("<!doctype html><p>no photograph")
    ward.locator('.todo[data-with-patient="01-003"][data-with-visit="day1"]').click()
    ward.locator(".photo-camera input").set_input_files(tmp_path / "page.jpg")
    expect(ward.locator(".photo-problem")).to_contain_text("pas une photographie")
    expect(ward.locator(".photo-camera")).to_be_visible()
