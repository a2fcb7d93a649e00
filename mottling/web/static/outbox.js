/* Photographs that are not on the server yet, each with its own score: kept in this browser, encrypted.
   The key is the signed-in person's and comes with the list; it stands nowhere in the browser but in memory. So who
   signs in next sees nothing of what waits here and cannot send it; the same person can, after the next sign-in.
   A page that opened without the server has no such key: it only puts in, by the slot that tablet.js describes. */

import { keyFor, keyOf, remember, whoIsHere } from "mottling/tablet.js";

const DATABASE = "mottling-outbox";
const SHELF = "waiting";
const SLOT = "slot";
const KEPT_MS = 30 * 24 * 3600 * 1000;

export class Outbox {
  constructor(owner, key, shelf) {
    this.owner = owner;
    this.key = key;
    this.shelf = shelf;
  }

  static async open({ owner, key }) {
    if (!window.isSecureContext) return new Outbox(owner, null, new InMemory());
    const bytes = Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0));
    const sealing = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    navigator.storage?.persist?.();
    const outbox = new Outbox(owner, sealing, await InBrowser.open().catch(() => new InMemory()));
    await outbox.forgetOld();
    await remember(owner, (bytes) => outbox.sealed(SLOT, bytes)).catch(() => {}); // then nothing opens without the server
    return outbox;
  }

  /* For a page that opened without the server; nothing where nobody is signed in. */
  static async slot() {
    const here = await whoIsHere();
    if (!here) return null;
    const outbox = new Outbox(here.owner, null, await InBrowser.open());
    outbox.here = here;
    return outbox;
  }

  /* `about` is what goes with the photograph: patient, visit, answer, when it was taken. */
  async put(id, about, photo) {
    const { key, letter } = this.here ? await keyFor(this.here) : { key: this.key };
    const head = new TextEncoder().encode(JSON.stringify(about));
    await this.shelf.put({
      id,
      owner: this.owner,
      at: Date.now(),
      head: await this.sealed(id, head, key),
      photo: await this.sealed(id, await photo.arrayBuffer(), key),
      ...(letter && { letter }),
    });
  }

  /* Names what waits of this person, also where it cannot be read. */
  async ids() {
    return (await this.shelf.all()).filter((kept) => kept.owner === this.owner).map(({ id }) => id);
  }

  /* Lists what waits of this person, the oldest first, without the photographs themselves. */
  async list() {
    const own = (await this.shelf.all()).filter((kept) => kept.owner === this.owner);
    own.sort((one, other) => one.at - other.at);
    const found = await Promise.all(own.map((kept) => this.about(kept).then((about) => ({ id: kept.id, about }), () => null)));
    return found.filter(Boolean); // what another key sealed stays until it is too old
  }

  async photo(id) {
    const kept = await this.shelf.get(id);
    return kept && new Blob([await this.opened(id, kept.photo, await this.keyOf(kept))]);
  }

  remove(id) {
    return this.shelf.remove(id);
  }

  async about(kept) {
    const head = await this.opened(kept.id, kept.head, await this.keyOf(kept));
    return JSON.parse(new TextDecoder().decode(head));
  }

  async keyOf({ letter }) {
    return letter ? keyOf(letter, await this.opened(SLOT, letter.lock)) : this.key;
  }

  async forgetOld() {
    for (const { id, at } of await this.shelf.all()) {
      if (Date.now() - at > KEPT_MS) await this.remove(id);
    }
  }

  async sealed(id, bytes, key = this.key) {
    if (!key) return { bytes };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, bytes: await crypto.subtle.encrypt(this.how(id, iv), key, bytes) };
  }

  opened(id, { iv, bytes }, key = this.key) {
    return key ? crypto.subtle.decrypt(this.how(id, iv), key, bytes) : bytes;
  }

  /* Whose it is goes into the seal: what was moved under another name does not open. */
  how(id, iv) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${this.owner}/${id}`) };
  }
}

class InBrowser {
  constructor(database) {
    this.database = database;
  }

  static async open() {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF, { keyPath: "id" });
    return new InBrowser(await done(asked));
  }

  put(kept) {
    return this.write((shelf) => shelf.put(kept));
  }

  remove(id) {
    return this.write((shelf) => shelf.delete(id));
  }

  get(id) {
    return done(this.database.transaction(SHELF).objectStore(SHELF).get(id));
  }

  all() {
    return done(this.database.transaction(SHELF).objectStore(SHELF).getAll());
  }

  /* Waits until the browser has it on its disk, as far as a browser says so. */
  write(act) {
    return new Promise((resolve, reject) => {
      const change = this.database.transaction(SHELF, "readwrite", { durability: "strict" });
      change.oncomplete = () => resolve();
      change.onabort = change.onerror = () => reject(change.error);
      act(change.objectStore(SHELF));
    });
  }
}

/* Where a browser offers no encryption, which is wherever a page came by plain http: until the page is left. */
class InMemory {
  constructor() {
    this.kept = new Map();
  }

  async put(kept) {
    this.kept.set(kept.id, kept);
  }

  async remove(id) {
    this.kept.delete(id);
  }

  async get(id) {
    return this.kept.get(id);
  }

  async all() {
    return [...this.kept.values()];
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
