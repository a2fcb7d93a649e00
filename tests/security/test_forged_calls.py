"""Calls that no page of ours makes: forged files, another area's functions, another user's session hash."""

import json

import pytest
from starlette.routing import Mount

from tests.house import ADAM, CORA, MONA, NINA, NOAH, OLGA, RITA
from tests.web_house import call, heard

FORGED = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}
PAGES = [
    (RITA, "/committee/fr/"),
    (NINA, "/ward/fr/"),
    (CORA, "/readout/fr/"),
    (MONA, "/monitor/fr/"),
    (ADAM, "/accounts/fr/"),
]


def pages_of(web):
    mounted = [route.app for route in web.app.routes if isinstance(route, Mount)]
    return [page for page in mounted if hasattr(page, "get_blocks")]  # what programs ask has no page


def test_gradio_believes_that_every_page_was_launched(web):
    # Otherwise it lets a forged input name any file of the machine.
    assert [page.get_blocks().title for page in pages_of(web) if not page.get_blocks().has_launched] == []


def test_no_page_has_a_component_that_takes_a_file(web):
    names = {block.get_block_name() for page in pages_of(web) for block in page.get_blocks().blocks.values()}
    assert names <= {"html", "column"}


@pytest.mark.parametrize(("user", "page"), PAGES)
@pytest.mark.parametrize("place", ["data", "event_data"])
def test_a_forged_file_is_refused_on_every_function(web, user, page, place):
    client = web.enter(user)
    for fn_index in (0, 1, 2):
        body = {"data": [], "fn_index": fn_index, "session_hash": "f1", "event_data": None}
        body[place] = [FORGED]
        answer = client.post(f"{page}gradio_api/queue/join", json=body, headers={"Origin": web.origin})
        assert answer.status_code == 400
        assert "message" in answer.json()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"fn_index": 0}', b'{"session_hash": 7}'])
def test_a_call_that_nobody_understands_is_refused(web, body):
    answer = web.enter(RITA).post(
        "/committee/fr/gradio_api/queue/join", content=body, headers={"Origin": web.origin}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("user", "page"),
    [
        (NINA, "/committee/fr/"),
        (RITA, "/ward/fr/"),
        (OLGA, "/ward/fr/"),
        (OLGA, "/committee/en/"),
        (ADAM, "/ward/fr/"),
        (ADAM, "/committee/fr/"),
        (ADAM, "/office/fr/"),
        (CORA, "/committee/fr/"),
        (CORA, "/office/fr/"),
        (CORA, "/accounts/fr/"),
        (MONA, "/office/fr/"),
        (MONA, "/readout/fr/"),
        (MONA, "/models/fr/"),
        (OLGA, "/accounts/fr/"),
        (RITA, "/readout/fr/"),
    ],
)
def test_a_function_of_another_area_is_closed(web, user, page):
    client = web.enter(user)
    for fn_index in (0, 1):
        assert call(client, page, fn_index=fn_index, event_data=None).status_code == 403


def test_a_session_hash_of_another_user_is_refused(web):
    nina, noah = web.enter(NINA), web.enter(NOAH)
    assert call(nina, "/ward/fr/", fn_index=0, event_data=None, session_hash="ninas").status_code == 200
    for path in ("queue/data?session_hash=ninas", "heartbeat/ninas"):
        assert noah.get(f"/ward/fr/gradio_api/{path}").status_code == 403
    assert call(noah, "/ward/fr/", fn_index=0, event_data=None, session_hash="ninas").status_code == 403
    cancel = {"session_hash": "ninas", "fn_index": 0, "event_id": "x"}
    answer = noah.post("/ward/fr/gradio_api/cancel", json=cancel, headers={"Origin": web.origin})
    assert answer.status_code == 403
    assert "process_completed" in heard(nina, "/ward/fr/", session_hash="ninas")


@pytest.mark.parametrize("query", ["", "?session_hash=a&session_hash=b", "?session_hash="])
def test_a_stream_without_one_hash_is_refused(web, query):
    assert web.enter(NINA).get(f"/ward/fr/gradio_api/queue/data{query}").status_code == 400


@pytest.mark.parametrize(
    "event",
    [
        None,
        "lock",
        {"deed": "lock"},
        {"deed": "no such deed", "form": {}},
        {"deed": "lock", "form": {"reading_id": "abc"}},
        {"deed": "lock", "form": {"reading_id": "abc", "reading_s": "-1", "answer": {"score": "3"}}},
        {"deed": "lock", "form": {"reading_id": "abc", "reading_s": "1", "answer": {"score": "7"}}},
        {
            "deed": "lock",
            "form": {"reading_id": "abc", "reading_s": "1", "answer": {"score": "3"}, "by": "rosa"},
        },
    ],
)
def test_a_deed_that_the_page_does_not_offer_is_refused_with_a_sentence(web, event):
    rita = web.enter(RITA)
    session_hash = f"d{abs(hash(json.dumps(event)))}"
    call(rita, "/committee/en/", fn_index=1, event_data=event, session_hash=session_hash)
    said = heard(rita, "/committee/en/", session_hash=session_hash)
    assert "The page sent something that is not understood" in said
