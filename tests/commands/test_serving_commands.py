"""Starting the server: what stops it is said before anything is served."""

import socket
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import main
from mottling.commands.demo import demo_folder
from mottling.commands.serve import address_of, run_server, with_address
from mottling.errors import ModelRefused, SettingsRefused, StoreBusy
from mottling.services.opening import open_services
from tests.house import DAY1, house_settings


def test_an_address_that_is_taken_is_said_and_the_store_is_let_go(tmp_path):
    settings = house_settings(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = with_address(settings, None, taken.getsockname()[1])
        with pytest.raises(SettingsRefused, match="cannot be listened at"):
            run_server(busy, said="")
    open_services(settings, at=DAY1, serving=True).close()


def test_a_second_server_of_the_same_folder_is_refused(tmp_path):
    settings = house_settings(tmp_path)
    with closing(open_services(settings, at=DAY1, serving=True)), pytest.raises(StoreBusy):
        run_server(settings, said="")


def test_a_server_is_not_started_with_an_altered_model(tmp_path):
    settings = house_settings(tmp_path)
    (tmp_path / "models" / "tiny" / "model.onnx").write_bytes(b"altered")
    with pytest.raises(ModelRefused):
        run_server(settings, said="")


def test_what_the_options_do_not_say_the_settings_say(tmp_path):
    settings = house_settings(tmp_path)
    assert address_of(with_address(settings, None, None)) == "http://127.0.0.1:7860"
    assert address_of(with_address(settings, "::1", 81)) == "http://[::1]:81"


def test_the_demo_lies_among_the_user_s_data_files(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert demo_folder() == tmp_path / "mottling-demo"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert demo_folder() == Path.home() / ".local" / "share" / "mottling-demo"


def test_app_py_says_in_one_sentence_what_stops_it(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = CliRunner().invoke(main, ["--demo", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "is not empty and holds no demo" in result.output
