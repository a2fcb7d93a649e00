"""Takes the pictures of `docs/screenshots` from a running demo, and says which requests left it (none may).

Run: `python app.py --demo --data DIR`, and beside it
`python -m tests.browser.take_screenshots http://127.0.0.1:7860 DIR docs/screenshots` (about a minute).
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


def photograph(studio: Studio, page: Page, name: str) -> None:
    """Take the question whose photograph it is, and the camera."""
    page.click("button.todo[data-do=open]")
    studio.shot(page, f"ward-2-patient-{name}")
    page.click("[data-capture=yes]")
    page.wait_for_selector(".finder-hint:not(:empty)")
    studio.shot(page, f"ward-2-photograph-{name}")


def ward(studio: Studio) -> None:
    page = studio.enter("nina", "fr", UPRIGHT)
    studio.shot(page, "ward-1-list-fr")
    photograph(studio, page, "fr")
    page.click(".finder-back")
    do(page, "button.todo-to_score")
    page.wait_for_selector(".viewer.is-loaded")
    page.click(".tile:nth-child(4)")
    studio.shot(page, "ward-3-own-score-fr")
    do(page, ".answer-lock")
    page.wait_for_selector(".viewer.is-loaded")
    page.wait_for_timeout(1500)
    studio.shot(page, "ward-4-proposal-fr")
    do(page, "[data-do=keep]")
    studio.shot(page, "ward-5-stored-fr")
    page = studio.enter("nina", "en", WIDE, "dark")
    photograph(studio, page, "en-dark")


def office(studio: Studio) -> None:
    page = studio.enter("olga", "en", WIDE)
    studio.shot(page, "office-completeness-en")
    do(page, ".tabs [data-do=patients]")
    studio.shot(page, "office-patients-en")
    page.goto(f"{studio.address}/models/en/")
    page.wait_for_selector(".body h1")
    studio.shot(page, "models-en")


def committee(studio: Studio) -> None:
    page = studio.enter("rita", "fr", WIDE, "dark")
    page.wait_for_selector(".viewer.is-loaded")
    page.wait_for_timeout(800)
    studio.shot(page, "committee-fr-dark")


def main() -> None:
    """Take them all."""
    address, demo, out = sys.argv[1].rstrip("/"), Path(sys.argv[2]), Path(sys.argv[3])
    lines = (demo / "DEMO-PASSWORDS.txt").read_text("utf-8").splitlines()[1:]
    passwords = dict(line.split(" ", 1) for line in lines)
    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        studio = Studio(browser, address, passwords, out)
        for part in (ward, office, committee):
            part(studio)
        browser.close()
    sys.exit(f"Requests left the demo: {studio.outside}" if studio.outside else 0)


if __name__ == "__main__":
    main()
