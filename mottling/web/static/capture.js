/* The capture page: is this the patient, the camera, the own score. It needs no network: the list brings it along.
   What is locked here goes into the outbox first, and from there to the server. */

import { Camera } from "mottling/camera.js";
import { hintOf, pixelsOf, small } from "mottling/hints.js";
import { Level } from "mottling/level.js";

const LOOK_EVERY_MS = 400;

export class Capture {
  constructor(section, { keep, kept, lock, leave }) {
    this.section = section;
    Object.assign(this, { keep, kept, lock, leave });
    this.camera = new Camera(this.find("video"));
    this.level = new Level();
    section.addEventListener("click", (event) => this.clicked(event));
    section.addEventListener("change", (event) => this.chosen(event));
    section.addEventListener("submit", (event) => this.submitted(event));
    this.find(".ghost-box").hidden = false;
  }

  find(selector) {
    return this.section.querySelector(selector);
  }

  get visit() {
    const { patient, visit, label } = this.section.dataset;
    return { patient, visit, label };
  }

  stage(name) {
    this.section.dataset.stage = name;
    for (const [place, step] of this.section.querySelectorAll(".steps li").entries()) {
      const current = name === "whose" || name === "camera" ? 0 : 1;
      step.classList.toggle("is-past", place < current);
      if (place === current) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
    this.find(`.stage-${name} [data-focus]`)?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  clicked(event) {
    const pressed = event.target.closest("[data-capture]");
    if (!pressed) return;
    event.preventDefault();
    const acts = { yes: "begin", shoot: "shoot", light: "light", again: "again", back: "back" };
    this[acts[pressed.dataset.capture]](pressed);
  }

  chosen({ target }) {
    if (target.type !== "file" || !target.files.length) return;
    const [file] = target.files;
    target.value = "";
    this.taken(file);
  }

  submitted(event) {
    event.preventDefault();
    const fields = new FormData(event.target);
    const answer = { score: fields.get("answer.score") };
    if (fields.has("answer.at_least")) answer.at_least = true;
    if (fields.has("answer.reason")) answer.reason = fields.get("answer.reason");
    this.lock({ ...this.visit, answer, takenAt: this.takenAt }, this.photo);
  }

  /* It is the patient: a photograph that waits for its score is shown again, or the camera opens. */
  async begin() {
    const kept = await this.kept(this.visit);
    if (kept) this.taken(kept.photo, kept.takenAt);
    else this.open();
  }

  /* The camera opens, or says why it cannot. */
  async open() {
    this.stage("camera");
    this.section.classList.remove("is-blind");
    try {
      if (!Camera.isThere()) throw new Error("no camera in this page");
      await this.camera.open();
    } catch {
      this.section.classList.add("is-blind");
      return;
    }
    if (this.section.dataset.stage !== "camera" || !this.section.isConnected) return this.camera.close();
    const video = this.find("video");
    this.find(".finder-view").style.setProperty("--ratio", video.videoWidth / video.videoHeight);
    this.find("[data-capture=light]").hidden = !this.camera.hasLight;
    this.level.begin();
    this.looking = setInterval(() => this.look(video), LOOK_EVERY_MS);
  }

  look(video) {
    if (!this.section.isConnected) return this.close();
    if (!video.videoWidth || document.hidden) return;
    const found = hintOf(pixelsOf(small(video, video.videoWidth, video.videoHeight)));
    this.lean();
    this.hint(found || (this.level.isTilted ? "tilted" : ""));
  }

  /* A line that lies as the ward's floor does, where the tablet says how it is held. */
  lean() {
    const place = this.find(".level");
    const { leanDeg, isTilted } = this.level;
    place.hidden = leanDeg === null;
    place.classList.toggle("is-tilted", isTilted);
    place.firstElementChild.style.transform = `rotate(${leanDeg ?? 0}deg)`;
  }

  hint(found) {
    const place = this.find(".finder-hint");
    const said = this.section.dataset[found ? `hint${found[0].toUpperCase()}${found.slice(1)}` : "hintGood"];
    if (place.textContent !== said) place.textContent = said;
    place.classList.toggle("is-good", !found);
  }

  async light(button) {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    await this.camera.light(isOn);
    button.setAttribute("aria-pressed", isOn);
  }

  async shoot(button) {
    if (button.disabled) return;
    button.disabled = true;
    this.section.classList.add("is-shooting");
    try {
      this.taken(await this.camera.take());
    } finally {
      button.disabled = false;
      this.section.classList.remove("is-shooting");
    }
  }

  /* A photograph is there: the own score is asked for beside it. */
  taken(photo, takenAt = Date.now()) {
    this.close();
    this.photo = photo;
    this.takenAt = takenAt;
    this.keep({ ...this.visit, takenAt }, photo);
    const image = this.find(".viewer-photo");
    this.find(".viewer").classList.remove("is-missing", "is-loaded");
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(photo);
    this.find(".view-hint").hidden = true;
    this.find("form").reset();
    this.stage("score");
    document.dispatchEvent(new CustomEvent("mottling:shown", { detail: this.section }));
    this.judge(photo);
  }

  /* Says what may be wrong with the photograph while the patient is still uncovered. */
  async judge(photo) {
    let found = "";
    try {
      const picture = await createImageBitmap(photo);
      const canvas = small(picture, picture.width, picture.height);
      picture.close();
      found = hintOf(pixelsOf(canvas)) || (await framingOf(canvas));
    } catch {
      return; // a kind that this browser does not show, or no network: the server reads it later
    }
    if (!found || photo !== this.photo) return;
    const said = this.section.dataset[`view${found[0].toUpperCase()}${found.slice(1)}`];
    this.find(".view-hint-said").textContent = said;
    this.find(".view-hint").hidden = false;
  }

  again() {
    this.photo = null;
    this.open();
  }

  /* Whoever locked the page is back: the camera looks on where it did. */
  wake() {
    if (this.section.dataset.stage === "camera") this.open();
  }

  back() {
    this.close();
    this.leave();
  }

  close() {
    clearInterval(this.looking);
    this.level.end();
    this.camera.close();
  }
}

/* Asks the server how much of the legs a small copy shows; it answers nothing about mottling. */
async function framingOf(canvas) {
  const copy = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
  const answer = await fetch("/ward/framing", { method: "POST", body: copy });
  if (!answer.ok) return "";
  const { framing } = await answer.json();
  return { ends_low: "low", no_leg: "none", far: "far" }[framing] ?? "";
}
