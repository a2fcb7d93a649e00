"""Takes the pictures of `docs/screenshots` from a running demo, and says which requests left it (none may).

Run: `python app.py --demo --data DIR`, and beside it
`python -m tests.browser.take_screenshots http://127.0.0.1:7860 DIR docs/screenshots` (a few minutes).
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import SIZES, start_chromium

UPRIGHT, WIDE = SIZES["tablet"], SIZES["desk"]
LARGEST_BYTES = 150_000
EXAMPLE = Path(__file__).parents[2] / "docs" / "example.jpg"


@dataclass
class Studio:
    """One browser before one demo."""

    browser: Browser
    address: str
    passwords: dict[str, str]
    out: Path
    outside: list[str] = field(default_factory=list)

    def enter(self, user: str, language: str, size: tuple[int, int], scheme: str = "light") -> Page:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale=language
        )
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.on("request", lambda request: self._note(request.url))
        page.goto(f"{self.address}/sign-in?language={language}")
        page.fill("#name", user)
        page.fill("#password", self.passwords[user])
        page.click("form.fields button")
        page.wait_for_selector(".body h1")
        return page

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.outside.append(url)

    def shot(self, page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        for quality in (80, 70, 60):
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() <= LARGEST_BYTES:
                break
        (self.out / f"{name}.jpg").write_bytes(file.getvalue())


def do(page: Page, selector: str) -> None:
    page.click(selector)
    page.wait_for_function("!document.querySelector('.live').classList.contains('busy')")
    page.wait_for_selector(".body h1")


def ward(studio: Studio) -> None:
    """Every step of the ward in both languages, on a tablet held upright."""
    for language in ("fr", "en"):
        page = studio.enter("nina", language, UPRIGHT)
        studio.shot(page, f"ward-1-list-{language}")
        page.click(".rows-of-due .todo[data-do=open]")
        studio.shot(page, f"ward-2-patient-{language}")
        do(page, ".stage-whose [data-do=not_done_form]")
        studio.shot(page, f"ward-2-not-done-{language}")
        do(page, ".not-done [data-do=open]")
        page.click("[data-capture=yes]")
        page.wait_for_selector(".finder-hint:not(:empty)")
        studio.shot(page, f"ward-3-camera-{language}")
        scored(studio, page, language)
    page = studio.enter("nina", "en", WIDE, "dark")
    page.click(".todo[data-do=open]")
    studio.shot(page, "ward-2-patient-en-dark")


def scored(studio: Studio, page: Page, language: str) -> None:
    """From the photograph to the final record, and what is there without the server."""
    page.locator(".photo-file input").set_input_files(EXAMPLE)
    page.wait_for_selector(".stage-score .viewer.is-loaded")
    page.click(".stage-score .tile:nth-child(3)")
    studio.shot(page, f"ward-4-own-score-{language}")
    page.click(".stage-score .scale-help summary")
    page.locator(".stage-score .examples li").nth(2).scroll_into_view_if_needed()
    studio.shot(page, f"ward-4-examples-{language}")
    page.click(".stage-score .scale-help summary")
    page.click(".stage-score .answer-lock")
    page.wait_for_selector("[data-do=keep]")
    page.wait_for_selector(".viewer.is-loaded")
    page.wait_for_timeout(1500)
    studio.shot(page, f"ward-5-proposal-{language}")
    do(page, "[data-do=change_form]")
    studio.shot(page, f"ward-5-change-{language}")
    do(page, "[data-do=photo]")
    do(page, "[data-do=keep]")
    studio.shot(page, f"ward-6-stored-{language}")
    page.wait_for_selector("html[data-shell=kept]", state="attached")
    page.context.set_offline(True)
    page.reload()
    page.fill(".shell-form [name=patient]", "01-004")
    studio.shot(page, f"ward-7-without-network-{language}")
    page.context.close()


def ward_wide(studio: Studio) -> None:
    """The steps again on a screen that lies on a desk."""
    page = studio.enter("nina", "fr", WIDE)
    studio.shot(page, "ward-wide-1-list-fr")
    page.click(".todo[data-do=open] >> nth=0")
    page.click("[data-capture=yes]")
    page.wait_for_selector(".finder-hint:not(:empty)")
    studio.shot(page, "ward-wide-3-camera-fr")
    page.locator(".photo-file input").set_input_files(EXAMPLE)
    page.wait_for_selector(".stage-score .viewer.is-loaded")
    studio.shot(page, "ward-wide-4-own-score-fr")
    page.click(".stage-score .tile:nth-child(3)")
    page.click(".stage-score .answer-lock")
    page.wait_for_selector("[data-do=keep]")
    page.wait_for_selector(".viewer.is-loaded")
    studio.shot(page, "ward-wide-5-proposal-fr")
    page.context.close()


def doors(studio: Studio) -> None:
    """The pages before and beside the work: signing in, an invitation, the own access with its PIN."""
    page = studio.enter("nina", "fr", UPRIGHT)
    page.goto(f"{studio.address}/access")
    studio.shot(page, "access-fr")
    page.fill("[name=pin]", "2749")
    page.click("[action='/access/pin'] button")
    page.wait_for_selector(".said-notice")
    page.context.clear_cookies(name="mottling")
    for name, path in {
        "sign-in-fr": "/sign-in?language=fr",
        "invitation-fr": "/invitation?language=fr",
    }.items():
        page.goto(f"{studio.address}{path}")
        studio.shot(page, name)
    page.context.close()


def office(studio: Studio) -> None:
    """The trial office and the models in both languages."""
    for language in ("fr", "en"):
        page = studio.enter("olga", language, WIDE)
        studio.shot(page, f"office-completeness-{language}")
        for tab in ("track", "queries", "files", "consent", "enrolment", "changes", "patients"):
            do(page, f".tabs [data-do={tab}]")
            studio.shot(page, f"office-{tab}-{language}")
        do(page, ".to-sheet [data-do=sheet] >> nth=0")
        studio.shot(page, f"office-sheet-{language}")
        page.goto(f"{studio.address}/models/{language}/")
        page.wait_for_selector(".body h1")
        studio.shot(page, f"models-{language}")
        page.context.close()


def roles(studio: Studio) -> None:
    """Administrator, coordinator and monitor."""
    for user, name, selectors in (
        ("adam", "accounts", ["[data-do=account][data-with-name=nina]", "[data-do=link]"]),
        ("cora", "read-out", ["[data-do=remind]", "[data-do=close_form]"]),
        ("mona", "monitor", [".tabs [data-do=patients]", ".tabs [data-do=audit]"]),
    ):
        page = studio.enter(user, "fr", UPRIGHT)
        studio.shot(page, f"{name}-1-fr")
        for number, selector in enumerate(selectors, 2):
            do(page, f"{selector} >> nth=0")
            studio.shot(page, f"{name}-{number}-fr")
        page.context.close()


def committee(studio: Studio) -> None:
    """The reading room, and what is read and not yet signed."""
    page = studio.enter("rita", "fr", WIDE, "dark")
    page.wait_for_selector(".viewer.is-loaded")
    page.wait_for_timeout(800)
    studio.shot(page, "committee-fr-dark")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".viewer.is-loaded")
    do(page, "[data-do=batch]")
    studio.shot(page, "committee-batch-fr-dark")
    page.context.close()


def main() -> None:
    """Take them all."""
    address, demo, out = sys.argv[1].rstrip("/"), Path(sys.argv[2]), Path(sys.argv[3])
    lines = (demo / "DEMO-PASSWORDS.txt").read_text("utf-8").splitlines()[1:]
    passwords = dict(line.split(" ", 1) for line in lines)
    with sync_playwright() as playwright:
        browser = start_chromium(playwright.chromium)
        studio = Studio(browser, address, passwords, out)
        for part in (ward, ward_wide, doors, office, roles, committee):
            part(studio)
        browser.close()
    sys.exit(f"Requests left the demo: {studio.outside}" if studio.outside else 0)


if __name__ == "__main__":
    main()
