"""A photograph survives a network that fails, a server that dies and another person on the same tablet."""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from playwright.sync_api import expect

from mottling.store.bucket import Bucket, Patience
from tests.browser.conftest import (
    NELL,
    give,
    go_offline,
    kept_in,
    lock,
    photograph,
    sign_in,
    wait_until_nothing_is_kept,
    waits,
)
from tests.house import NINA
from tests.installed import program
from tests.s3_server import S3, credentials


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
    give(ward, "01-002", a_photo)
    lock(ward, "2")
    expect(ward.locator(".sending-said")).to_contain_text("Pas de réseau")
    expect(ward.get_by_role("heading", level=1)).to_contain_text("score")
    expect(ward.locator("[data-do=keep]")).to_be_visible()
    assert (len(keys), len(set(keys))) == (3, 1)
    (steps,) = served.records_of("01-002")
    assert steps.photo.sha256 == hashlib.sha256(a_photo.read_bytes()).hexdigest()
    waits(ward, 0)


def test_a_server_that_cannot_store_is_not_called_a_missing_network_and_is_sent_the_photograph_again(
    served, enter, a_photo, monkeypatch
):
    ward = enter(NINA, language="fr", size="tablet")
    album = served.services.watch._store._photos
    credentials(monkeypatch, S3(app=None, url="http://127.0.0.1:9"))  # where nobody listens
    nobody = Bucket("s3://away", Patience(retries=0, answer_s=1, altogether_s=1)).shelf("photos")
    with monkeypatch.context() as away:
        away.setattr(album, "_shelf", nobody)
        score_in_vain(ward, "01-016", a_photo)
    is_stored_once(served, ward, "01-016", a_photo)


def test_while_the_servers_disk_is_read_only_the_photograph_waits_and_it_is_stored_once_afterwards(
    served, enter, a_photo
):
    ward = enter(NINA, language="fr", size="tablet")
    with a_read_only_disk():
        score_in_vain(ward, "01-019", a_photo)
    is_stored_once(served, ward, "01-019", a_photo)


def score_in_vain(ward, patient, photo):
    """Send a photograph with its own score to a server that cannot store: the page says so, and it waits."""
    give(ward, patient, photo)
    lock(ward, "2")
    expect(ward.locator(".sending-said")).to_contain_text("Le serveur ne peut pas enregistrer")
    waits(ward, 1)


def is_stored_once(served, ward, patient, photo):
    """The page goes on by itself; the server has the file as it was, and nothing waits."""
    expect(ward.locator("[data-do=keep]")).to_be_visible()
    (steps,) = served.records_of(patient)
    assert steps.photo.sha256 == hashlib.sha256(photo.read_bytes()).hexdigest()
    waits(ward, 0)


@contextmanager
def a_read_only_disk() -> Iterator[None]:
    """Let the kernel answer this process, and the server in it, that the disk is read-only."""
    writes = "pwrite64,link,linkat,rename,renameat,renameat2"
    traced = ["-e", f"trace={writes}", "-e", f"inject={writes}:error=EROFS"]
    strace = [program("strace", "strace"), "-f", "-o", "/dev/null", *traced, "-p", str(os.getpid())]
    with subprocess.Popen(strace, stderr=subprocess.PIPE, text=True) as holding:
        assert holding.stderr is not None
        assert "attached" in holding.stderr.readline()
        try:
            yield
        finally:
            holding.terminate()
            holding.communicate()


def test_what_is_no_photograph_is_refused_in_the_language_of_the_page(enter, tmp_path):
    ward = enter(NINA, language="fr", size="tablet")
    (tmp_path / "page.jpg").write_text("<!doctype html><p>no photograph")
    give(ward, "01-003", tmp_path / "page.jpg")
    lock(ward, "0")
    expect(ward.locator(".sending-problem")).to_contain_text("pas une photographie")
    ward.locator(".sending-drop").click()
    expect(ward.locator(".shutter")).to_be_visible()
    waits(ward, 0)


def test_without_network_photographs_are_taken_one_after_the_other_and_nothing_of_them_can_be_read(
    served, enter
):
    ward = enter(NINA, size="tablet")
    go_offline(ward)
    for patient, number in zip(("01-004", "01-005"), count(1)):
        photograph(ward, patient)
        lock(ward, "1")
        expect(ward.locator(".sending-said")).to_contain_text("No network")
        waits(ward, number)
        ward.locator(".sending-back").click()
        expect(ward.locator(f'.todo.is-waiting[data-with-patient="{patient}"]')).to_be_visible()
    kept = kept_in(ward)
    assert len(kept) > 10_000
    assert not re.search("01-004|day1|PNG\r\n|JFIF", kept)
    ward.context.set_offline(False)
    waits(ward, 0)
    assert [len(served.records_of(patient)) for patient in ("01-004", "01-005")] == [1, 1]
    expect(ward.locator('.todo-to_confirm:has-text("01-004")')).to_be_visible()


def test_a_server_that_dies_in_the_middle_loses_nothing_and_the_next_person_sends_nothing(
    served, enter, a_photo
):
    ward = enter(NINA, size="tablet")
    asked: list[str] = []

    def die(route):
        # The first request is on its way, and its answer never comes; nobody hears the next ones.
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fetch()
            served.end()
        route.abort()

    ward.route("**/ward/photos", die)
    give(ward, "01-006", a_photo)
    lock(ward, "2")
    expect(ward.locator(".sending-said")).to_contain_text("No network")
    ward.locator(".sending-back").click()
    waits(ward, 1)

    # Somebody else on the same tablet: nothing is shown, nothing is sent.
    ward.context.clear_cookies()
    ward.unroute("**/ward/photos")
    served.begin()
    ward.locator("dialog.lock[open]").wait_for()  # whose session it was is not known any more
    sign_in(ward, served.address, NELL)
    waits(ward, 0)
    assert kept_in(ward)

    # The same person again.
    ward.context.clear_cookies()
    sign_in(ward, served.address, NINA)
    waits(ward, 0)
    expect(ward.locator('.todo-to_confirm:has-text("01-006")')).to_be_visible()
    wait_until_nothing_is_kept(ward)
    assert len(served.records_of("01-006")) == 1


# A sender of its own, over a store of the tablet that fails so often where it is to let go what was sent.
_A_SENDER = """async (failures) => {
    const { Sender } = await import("mottling/sender.js");
    const about = { patient: "01-001", visit: "day1", answer: { score: "2" }, takenAt: Date.now() };
    const sender = new Sender({
        owner: "nina",
        list: async () => [{ id: "a", about }],
        photo: async () => new Blob(["x"]),
        remove: async () => { if (failures-- > 0) throw new Error("the disk"); },
    });
    sender.addEventListener("sent", () => { window.left = sender.waiting.size; });
    await sender.begin();
}"""


def test_a_photograph_that_the_tablet_could_not_let_go_is_sent_again_under_the_same_key(enter):
    ward = enter(NINA, size="tablet")
    keys = []

    def store(route):
        keys.append(route.request.headers["idempotency-key"])
        route.fulfill(status=201, json={"photo_id": "0" * 32})

    ward.route("**/ward/photos", store)
    ward.evaluate(_A_SENDER, 1)
    ward.wait_for_function("window.left === 0")
    assert keys == ["a", "a"]


def test_a_request_that_does_not_move_is_given_up_and_sent_again_under_the_same_key(enter):
    ward = enter(NINA, size="tablet")
    keys = []

    def answer_the_second(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            route.fulfill(status=201, json={"photo_id": "0" * 32})

    ward.route("**/ward/photos", answer_the_second)
    ward.clock.install()
    with ward.expect_request("**/ward/photos"):
        ward.evaluate(_A_SENDER, 0)
    ward.clock.run_for(59_000)
    assert keys == ["a"]
    with ward.expect_request("**/ward/photos"):
        ward.clock.run_for(2_000)
        ward.clock.run_for(2_000)
    ward.wait_for_function("window.left === 0")
    assert keys == ["a", "a"]
