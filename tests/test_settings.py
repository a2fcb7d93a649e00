from pathlib import Path

import pytest
from pydantic import ValidationError

from mottling.errors import SettingsRefused
from mottling.settings import Settings, read_settings
from mottling.shipped import shipped


def _write(tmp_path, text):
    path = tmp_path / "app.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_settings_are_read_with_a_trial_file_that_exists():
    settings = read_settings()
    assert settings.trial.is_file()
    assert settings.models is None
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)


def test_paths_are_taken_from_the_files_own_folder_and_data_from_where_the_command_runs(tmp_path):
    settings = read_settings(
        _write(tmp_path, 'trial = "t/one.toml"\nmodels = "../models"\ndata = "records"\n')
    )
    assert settings.trial == tmp_path / "t/one.toml"
    assert settings.models == tmp_path / "../models"
    assert settings.data == Path("records")


def test_a_path_from_the_root_stays_as_it_is(tmp_path):
    assert read_settings(_write(tmp_path, 'trial = "/etc/one.toml"')).trial == Path("/etc/one.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('trial = "t"\nprot = 80', "prot is an unknown key"),
        ('trial = "t"\n[sign_in]\ntrys = 5', "sign_in.trys is an unknown key"),
        ("", "trial is missing"),
        ('trial = "t"\nport = "80"', "port: Input should be a valid integer"),
        ('trial = "t"\nport = 0', "port: Input should be greater than or equal to 1"),
        ('trial = "t"\nbehind_tls = 1', "behind_tls: Input should be a valid boolean"),
        ('trial = "t"\nlanguages = ["de"]', "languages.0: Input should be 'fr' or 'en'"),
        ('trial = "t"\nupload_limit_mb = 900', "upload_limit_mb: Input should be less than or equal to 200"),
    ],
)
def test_what_nobody_understands_is_an_error_that_names_the_key(tmp_path, text, said):
    with pytest.raises(SettingsRefused, match=said):
        read_settings(_write(tmp_path, text))


def test_what_is_no_toml_is_refused(tmp_path):
    with pytest.raises(SettingsRefused, match="is no TOML"):
        read_settings(_write(tmp_path, "trial = "))
    (tmp_path / "app.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsRefused, match="is no TOML"):
        read_settings(tmp_path / "app.toml")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsRefused, match=r"none\.toml cannot be read: No such file"):
        read_settings(tmp_path / "none.toml")


def test_an_installed_package_uses_the_copy_that_it_ships(tmp_path, monkeypatch):
    monkeypatch.setattr("mottling.shipped._PACKAGE", tmp_path / "site-packages" / "mottling")
    assert shipped("configs") == tmp_path / "site-packages" / "mottling" / "_shipped" / "configs"


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        Settings(trial=Path("t")).port = 1
