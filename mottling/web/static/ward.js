/* The ward's page in the browser: opens the capture page from the list without the network, sends what waits, and
   says on every screen how much waits. */

import { Capture } from "mottling/capture.js";
import { Outbox } from "mottling/outbox.js";
import { showRefused } from "mottling/refused.js";
import { offerScan } from "mottling/scan.js";
import { Sender } from "mottling/sender.js";
import { Keeper, openShell } from "mottling/shell.js";

const ASK_AGAIN_MS = 3000;
const WHILE_BUSY_MS = 400;

/* Where the real page is; only the shell says so. */
const { home } = document.documentElement.dataset;

let sender = null;
let list = [];
let current = null;
let isGoing = false;

const ready = begin();

async function begin() {
  for (;;) {
    try {
      sender = home ? await Keeper.open() : new Sender(await Outbox.open(await window.mottling.outbox));
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
  for (const name of ["change", "progress", "sent"]) sender.addEventListener(name, (event) => tell(name, event.detail));
  sender.addEventListener("reached", goHome);
  await sender.begin();
  document.documentElement.dataset.outbox = "open";
  return sender;
}

function tell(name, { entry, share, taken }) {
  if (name === "change") count();
  if (name === "sent" && !current) refresh();
  if (entry && entry.id === current?.id) follow(name, { entry, share, taken });
}

/* Lets this page open again without the network, as far as the browser can. */
async function keepShell() {
  if (home || !navigator.serviceWorker) return;
  await navigator.serviceWorker.register("/ward/worker.js", { scope: "/ward/" });
  await navigator.serviceWorker.ready;
  document.documentElement.dataset.shell = "kept";
}

/* From the shell to the real page; who is typing, photographing or scoring is not disturbed, and a lock stays shut.
   Once: to be asked for a second time, the real page would be loaded over itself while it sends. */
function goHome() {
  if (isGoing || document.querySelector(".lock[open]")) return;
  const isKept = current?.section.dataset.sending === "waiting";
  isGoing = isKept || (!current && !document.querySelector(".shell-form")?.elements.patient.value);
  if (isGoing) window.location.assign(home);
}

/* What waits, in the frame and on the rows of the list. */
function count() {
  const waits = document.querySelector(".waits");
  if (!waits || !sender) return;
  const entries = [...sender.waiting.values()];
  waits.hidden = entries.length === 0;
  waits.querySelector(".waits-number").textContent = entries.length;
  for (const row of document.querySelectorAll(".todo[data-do=open]")) {
    const { withPatient: patient, withVisit: visit } = row.dataset;
    row.classList.toggle("is-waiting", Boolean(sender.of(patient, visit)));
    row.classList.toggle("is-draft", Boolean(sender.draft(patient, visit)));
  }
  showRefused(sender);
}

/* What was sent changes the list; who is looking for a patient on it is not disturbed. */
function refresh() {
  if (document.querySelector(".live.busy")) return setTimeout(refresh, WHILE_BUSY_MS);
  const find = document.querySelector(".ward-list .find input");
  if (find && !find.value) window.mottling.deed("list", {});
}

/* The photograph that was just locked, on its way. */
function follow(name, { entry, share, taken }) {
  const { section } = current;
  if (name === "progress") section.querySelector("progress").value = share;
  if (name === "sent" && section.isConnected) window.mottling.deed("photo", { photo_id: taken.photo_id });
  if (name !== "change" || entry.state === "sent") return;
  section.dataset.sending = entry.state;
  const waiting = entry.isUnwell ? "sayUnwell" : "sayWaiting";
  const said = { sending: "saySending", waiting, refused: "sayRefused" }[entry.state];
  section.querySelector(".sending-said").textContent = section.dataset[said] ?? "";
  section.querySelector(".sending-problem").textContent = entry.problem ?? "";
}

/* What was just taken waits for its score in safety; where the tablet cannot keep it, it waits on the page alone. */
function keep(about, photo) {
  const place = current;
  place.keeping = ready.then(() => {
    place.id = sender.draft(about.patient, about.visit)?.id ?? newKey();
    return sender.keep(place.id, about, photo);
  }).catch(() => null);
}

/* A photograph of this visit that was taken before, and still waits for its score. */
async function kept({ patient, visit }) {
  const draft = sender?.draft(patient, visit);
  const photo = draft && (await sender.outbox.photo(draft.id).catch(() => null));
  return photo && { photo, takenAt: draft.about.takenAt };
}

async function lock(about, photo) {
  const { section } = current;
  section.querySelector(".sending-photo").src = section.querySelector(".viewer-photo").src;
  section.querySelector(".sending-said").textContent = section.dataset.saySaving;
  current.capture.stage("sending");
  window.addEventListener("beforeunload", hold);
  await current.keeping;
  try {
    await sender.add(current.id, about, photo);
  } catch {
    section.dataset.sending = "unsaved";
    section.querySelector(".sending-problem").textContent = section.dataset.sayUnsaved;
    return;
  }
  window.removeEventListener("beforeunload", hold);
}

function hold(event) {
  event.preventDefault();
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* From a row of the list, with what the row says. */
function openFrom(row) {
  const template = document.querySelector("#capture-page");
  list = window.mottling.shown();
  const section = template.content.firstElementChild.cloneNode(true);
  Object.assign(section.dataset, {
    patient: row.dataset.withPatient,
    visit: row.dataset.withVisit,
    label: row.dataset.label,
    mark: row.dataset.mark,
  });
  const texts = { patient: row.dataset.withPatient, initials: row.dataset.initials, label: row.dataset.label };
  for (const slot of section.querySelectorAll("[data-slot]")) {
    slot.textContent = texts[slot.dataset.slot];
    slot.hidden = !texts[slot.dataset.slot];
  }
  for (const button of section.querySelectorAll("[data-do=not_done_form]")) {
    button.dataset.withPatient = row.dataset.withPatient;
    button.dataset.withVisit = row.dataset.withVisit;
  }
  window.mottling.show(section);
}

/* Back to the list: as it was, and then as the server has it, if it can be asked. */
function leave() {
  const isReachable = navigator.onLine && ![...(sender?.waiting.values() ?? [])].some(({ state }) => state === "waiting");
  if (list.length) window.mottling.show(...list);
  if (isReachable || !list.length) window.mottling.deed("list", {});
}

document.addEventListener("mottling:framed", count);
document.addEventListener("mottling:locked", () => current?.capture.close());
document.addEventListener("mottling:unlocked", () => {
  current?.capture.wake();
  sender?.back();
});
document.addEventListener("mottling:open", (event) => openFrom(event.detail));

document.addEventListener("mottling:shown", (event) => {
  const section = event.detail.querySelector?.(":scope > .capture");
  if (section && section !== current?.section) {
    current?.capture.close();
    current = { section, capture: new Capture(section, { keep, kept, lock, leave }) };
  } else if (!section && event.detail !== current?.section) {
    current?.capture.close();
    current = null;
  }
  count();
  offerScan();
});

document.addEventListener(
  "click",
  (event) => {
    const row = event.target.closest?.(".todo[data-do=open]");
    if (row) {
      event.stopPropagation();
      if (row.classList.contains("is-waiting")) sender.now();
      else openFrom(row);
    } else if (event.target.closest?.(".waits, .sending-now")) {
      sender?.now();
    } else if (event.target.closest?.(".sending-drop")) {
      again();
    }
  },
  true,
);

/* A photograph that the server refused is let go, and another one is taken. */
async function again() {
  await sender.drop(current.id);
  current.section.dataset.sending = "";
  current.capture.again();
}

/* Who signs out while photographs wait is told once that they stay here, locked. */
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[action='/sign-out']");
  const waits = document.querySelector(".waits");
  if (!form || !sender?.waiting.size || form.dataset.told) return;
  event.preventDefault();
  form.dataset.told = "yes";
  window.mottling.tell(waits.dataset.stay, waits.dataset.stayRemedy);
});

if (home) openShell(home);
keepShell().catch(() => {}); // then the page needs the network to open, as any other
