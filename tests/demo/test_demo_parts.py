"""The demo's parts: its patients, its passwords and its photographs."""

import json
import stat
from collections import Counter

import pytest

from mottling.demo.passwords import DemoUser, draw_passwords, read_passwords, write_passwords
from mottling.demo.plan import Stage, plan
from mottling.errors import SettingsRefused
from mottling.services.made_photographs import read_made_photos


def test_thirty_patients_at_three_sites_cover_every_stage():
    patients = plan()
    assert Counter(one.site for one in patients) == {"01": 10, "02": 10, "03": 10}
    assert len({one.number for one in patients}) == 30
    assert {one.stage for one in patients} == set(Stage)


def test_passwords_are_drawn_anew_and_differ():
    drawn = [user.password for _ in range(20) for user in draw_passwords(["nina", "office"])]
    assert len(set(drawn)) == 40
    assert all(len(password) == 19 for password in drawn)


def test_kept_passwords_come_back_and_only_their_owner_can_read_the_file(tmp_path):
    users = draw_passwords(["nina", "office"])
    write_passwords(tmp_path, users)
    assert read_passwords(tmp_path) == users
    assert stat.S_IMODE((tmp_path / "DEMO-PASSWORDS.txt").stat().st_mode) == 0o600


def test_the_file_of_passwords_says_that_it_is_a_demo(tmp_path):
    write_passwords(tmp_path, [DemoUser("nina", "x")])
    assert "A demo." in (tmp_path / "DEMO-PASSWORDS.txt").read_text()


def test_a_demo_that_was_never_made_whole_has_no_passwords(tmp_path):
    assert read_passwords(tmp_path) is None


def test_a_file_of_passwords_that_is_not_understood_is_refused(tmp_path):
    (tmp_path / "DEMO-PASSWORDS.txt").write_text("nina secret\n")
    with pytest.raises(SettingsRefused, match="is not understood"):
        read_passwords(tmp_path)


def test_photographs_come_in_the_order_of_their_manifest(tmp_path):
    (tmp_path / "b.jpg").write_bytes(b"b")
    (tmp_path / "a.jpg").write_bytes(b"a")
    entries = [{"file": "b.jpg", "score": 4, "tone": 9}, {"file": "a.jpg", "score": 0}]
    (tmp_path / "manifest.json").write_text(json.dumps(entries))
    assert [(one.data, one.score, one.tone) for one in read_made_photos(tmp_path)] == [
        (b"b", 4, 9),
        (b"a", 0, None),
    ]


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("[]", "names no photograph"),
        ('[{"file": "a.jpg", "score": 6}]', "0.score"),
        ('[{"file": "a.jpg", "score": 1, "arm": "A"}]', "0.arm"),
        ('[{"file": "missing.jpg", "score": 1}]', "missing.jpg"),
    ],
)
def test_a_manifest_that_is_not_understood_is_refused(tmp_path, manifest, words):
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(SettingsRefused, match=words):
        read_made_photos(tmp_path)
