/* The ward's page where the server could not be reached. It knows nobody: the patient's number is typed or scanned,
   photographs are put in safety on the tablet, and as soon as the server answers the real page takes over and sends. */

import { Outbox } from "mottling/outbox.js";

const ASK_EVERY_MS = 4000;

/* Has what ward.js asks of a sender, and sends nothing. */
export class Keeper extends EventTarget {
  static async open() {
    const outbox = await Outbox.slot();
    if (!outbox) return new Promise(() => {}); // nobody is signed in on this tablet: the page says so
    return new Keeper(outbox);
  }

  constructor(outbox) {
    super();
    this.outbox = outbox;
    this.waiting = new Map();
    this.drafts = new Map();
    window.addEventListener("online", () => this.now());
    setInterval(() => this.now(), ASK_EVERY_MS);
  }

  async begin() {
    for (const id of await this.outbox.ids()) this.waiting.set(id, { id, about: {}, state: "waiting" });
    document.querySelector(".shell-form").hidden = false;
    document.querySelector(".shell-nobody").hidden = true;
    document.querySelector(".who b").textContent = this.outbox.owner;
    putLock(this.outbox.owner);
    this.tell("change");
    this.now();
  }

  async add(id, about, photo) {
    await this.outbox.put(id, about, photo);
    this.drafts.delete(id);
    const entry = { id, about, state: "waiting" };
    this.waiting.set(id, entry);
    this.tell("change", { entry });
    this.now();
  }

  of(patient, visit) {
    return [...this.waiting.values()].find(({ about }) => about.patient === patient && about.visit === visit);
  }

  /* A photograph whose score is still to be given. */
  async keep(id, about, photo) {
    await this.outbox.put(id, about, photo);
    this.drafts.set(id, { id, about });
  }

  draft(patient, visit) {
    return [...this.drafts.values()].find(({ about }) => about.patient === patient && about.visit === visit);
  }

  async now() {
    if (await isThere()) this.tell("reached");
  }

  /* Whoever locked the page is back, and so is the server. */
  back() {
    this.now();
  }

  tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/* Puts the shell on the page as live.js puts what the server shows; deeds need the server, so each leads to it. */
export function openShell(home) {
  const part = (name) => document.querySelector(`#shell-${name}`).innerHTML;
  const props = { value: { frame: part("frame"), body: part("body"), problem: null, notice: null } };
  let shown = () => {};
  const watch = (_, show) => {
    shown = show;
  };
  const send = async () => {
    if (await isThere()) return window.location.assign(home);
    const { noAnswer, noAnswerRemedy } = document.querySelector("[data-no-answer]").dataset;
    props.value = { frame: null, body: null, problem: [noAnswer, noAnswerRemedy], notice: null };
    shown();
  };
  window.mottling.live(document.querySelector("#page"), props, watch, send);
}

/* The page can be locked from here on, and is if the tablet was left. */
function putLock(owner) {
  const lock = document.querySelector("#shell-lock").content.cloneNode(true);
  const title = lock.querySelector("#lock-title");
  title.textContent = title.textContent.replace("{name}", owner);
  for (const field of lock.querySelectorAll("[name=name]")) field.value = owner;
  document.querySelector(".frame").append(lock);
  document.dispatchEvent(new CustomEvent("mottling:framed"));
}

async function isThere() {
  try {
    return (await fetch("/alive", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".shell-form");
  if (!form) return;
  event.preventDefault();
  const visit = form.querySelector("[name=visit]:checked");
  const row = { withPatient: form.elements.patient.value.trim(), withVisit: visit.value, label: visit.dataset.label };
  document.dispatchEvent(new CustomEvent("mottling:open", { detail: { dataset: { ...row, initials: "", mark: "" } } }));
  form.reset();
});
