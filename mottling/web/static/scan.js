/* Reads the patient's number from the QR code or barcode of the study card: with the browser's own reader, or with ours
   where it has none. Without a camera there is no button. A hand scanner types into the search: it ends with Enter, as a
   keyboard does. */

import { Camera } from "mottling/camera.js";
import { Decoder } from "mottling/decoder.js";

const LOOK_EVERY_MS = 200;
const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

let reader = null;

/* Shows the button where it can do something. */
export function offerScan() {
  const button = document.querySelector("[data-scan]");
  if (button) button.hidden = !Camera.isThere();
}

async function readerOfCodes() {
  const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats() : [];
  return formats.length ? new BarcodeDetector({ formats }) : Decoder.load();
}

async function scan(dialog) {
  const camera = new Camera(dialog.querySelector("video"));
  const said = dialog.querySelector(".scanner-said");
  said.textContent = said.dataset.how;
  dialog.showModal();
  let number = "";
  try {
    await camera.open();
    reader ??= await readerOfCodes();
    while (!number && dialog.open && dialog.isConnected) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      number = await look(camera.video, said);
    }
  } catch {
    said.textContent = said.dataset.blind;
  }
  camera.close();
  if (!number || !dialog.open) return;
  dialog.close();
  found(number);
}

/* A card may carry more than the number: one of its words must be the number of a row, or one of the trial's form. */
async function look(video, said) {
  const [code] = await reader.detect(video).catch(() => []);
  if (!code) return "";
  const { pattern } = document.querySelector("[data-scan-into]");
  const form = new RegExp(`^(?:${pattern})$`);
  const numbers = [...document.querySelectorAll(".todo[data-patient]")].map((row) => row.dataset.patient);
  const number = code.rawValue.split(/[^\w-]+/).find((word) => (pattern ? form.test(word) : numbers.includes(word)));
  if (!number) said.textContent = said.dataset.nobody;
  return number ?? "";
}

function found(number) {
  const field = document.querySelector("[data-scan-into]");
  field.value = number;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (!field.pattern) openOnly(plain(number));
}

/* Opens the one thing that is to be done for a patient; where there are several, the list shows them. */
function openOnly(wanted) {
  const open = ":is(.rows-of-overdue, .rows-of-due, .rows-of-to_score, .rows-of-to_confirm) .todo";
  const rows = [...document.querySelectorAll(open)].filter((row) => plain(row.dataset.patient) === wanted);
  if (rows.length === 1) rows[0].click();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-scan], [data-scan-end]");
  if (!button) return;
  const dialog = document.querySelector(".scanner");
  if (button.matches("[data-scan]")) scan(dialog);
  else dialog.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.(".ward-list [data-find-in]")) return;
  event.preventDefault();
  openOnly(plain(event.target.value));
});
