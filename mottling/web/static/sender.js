/* Sends what waits in the outbox, one after the other, and tries again when the network or the server fails.
   Each photograph carries the same key each time, so that it is stored once. */

const PAUSES_S = [1, 2, 4, 8, 15, 30];
/* How long a photograph takes is up to the network. A request in which nothing moves has died unnoticed. */
const LONGEST_SILENCE_MS = 60000;

export class Sender extends EventTarget {
  constructor(outbox) {
    super();
    this.outbox = outbox;
    this.waiting = new Map();
    this.drafts = new Map();
    this.tries = 0;
    window.addEventListener("online", () => this.now());
  }

  /* Takes up what an earlier page left. */
  async begin() {
    for (const { id, about } of await this.outbox.list()) {
      if (about.answer) this.waiting.set(id, { id, about, state: "waiting" });
      else this.drafts.set(id, { id, about });
    }
    this.tell("change");
    this.now();
  }

  async add(id, about, photo) {
    await this.outbox.put(id, about, photo);
    this.drafts.delete(id);
    this.waiting.set(id, { id, about, state: "waiting" });
    this.tell("change");
    this.now();
  }

  /* Under another number, when the server refused the one that was given: it has stored nothing of this photograph. */
  async correct(id, patient) {
    const about = { ...this.waiting.get(id).about, patient };
    await this.add(id, about, await this.outbox.photo(id));
  }

  async drop(id) {
    await this.outbox.remove(id);
    this.waiting.delete(id);
    this.tell("change");
  }

  of(patient, visit) {
    return one(this.waiting, patient, visit);
  }

  /* A photograph whose score is still to be given is kept like the others, and not sent: neither a lock nor a page that
     dies loses it. One a visit. */
  async keep(id, about, photo) {
    await this.outbox.put(id, about, photo);
    this.drafts.set(id, { id, about });
    this.tell("change");
  }

  draft(patient, visit) {
    return one(this.drafts, patient, visit);
  }

  /* Its owner is back: what waited for that is sent. */
  back() {
    for (const entry of this.waiting.values()) if (entry.state === "kept") this.turn(entry, "waiting");
    this.now();
  }

  now() {
    clearTimeout(this.timer);
    this.tries = 0;
    this.next();
  }

  async next() {
    if (this.isBusy) return;
    const entry = [...this.waiting.values()].find(({ state }) => state === "waiting");
    if (!entry) return;
    this.isBusy = true;
    try {
      await this.send(entry);
    } catch {
      // The tablet's own store failed, perhaps after the server had it all: sent again, it is stored once.
      this.wait(entry, { body: {} });
    } finally {
      this.isBusy = false;
    }
    if (entry.state === "waiting") this.later(entry);
    else this.next();
  }

  async send(entry) {
    const photo = await this.outbox.photo(entry.id);
    if (!photo) return this.drop(entry.id);
    this.turn(entry, "sending");
    const answer = await post(entry, this.outbox.owner, photo, (share) => this.tell("progress", { entry, share }));
    if (answer.status === 201) await this.sent(entry, answer.body);
    else if (answer.status === 401) this.leave(entry);
    else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) this.refused(entry, answer.body);
    else this.wait(entry, answer);
  }

  async sent(entry, taken) {
    this.tries = 0;
    entry.state = "sent";
    await this.drop(entry.id);
    this.tell("sent", { entry, taken });
  }

  refused(entry, { message = "", remedy = "" }) {
    entry.problem = [message, remedy].filter(Boolean).join(". ");
    this.turn(entry, "refused");
  }

  /* A server that answers in its own words is there, and cannot take the photograph for now. */
  wait(entry, { body }) {
    entry.isUnwell = Boolean(body.message);
    this.turn(entry, "waiting");
  }

  /* The session has ended, or another person's has begun in this browser: the photograph stays, locked. */
  leave(entry) {
    entry.state = "kept";
    window.mottling.lock();
  }

  /* The others wait behind the one that could not be sent, and their pages say so. */
  later(entry) {
    for (const other of this.waiting.values()) {
      if (other === entry || other.state !== "waiting") continue;
      other.isUnwell = entry.isUnwell;
      this.tell("change", { entry: other });
    }
    const pause = PAUSES_S[Math.min(this.tries, PAUSES_S.length - 1)];
    this.tries += 1;
    this.timer = setTimeout(() => this.next(), pause * 1000);
  }

  turn(entry, state) {
    entry.state = state;
    this.tell("change", { entry });
  }

  tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function one(entries, patient, visit) {
  return [...entries.values()].find(({ about }) => about.patient === patient && about.visit === visit);
}

function post({ id, about }, owner, photo, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let silence;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), LONGEST_SILENCE_MS);
    };
    const end = (answer) => {
      clearTimeout(silence);
      resolve(answer);
    };
    request.open("POST", "/ward/photos");
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Idempotency-Key", id);
    request.setRequestHeader("Mottling-Owner", owner);
    request.setRequestHeader("Mottling-Patient", about.patient);
    request.setRequestHeader("Mottling-Visit", about.visit);
    request.setRequestHeader("Mottling-Answer", JSON.stringify(about.answer));
    request.setRequestHeader("Mottling-Age", (Math.max(0, Date.now() - about.takenAt) / 1000).toFixed(3));
    request.upload.onprogress = ({ loaded, total }) => {
      heard();
      progress(total ? loaded / total : 0);
    };
    request.onload = () => end({ status: request.status, body: request.response ?? {} });
    request.onerror = request.onabort = () => end({ status: 0, body: {} });
    heard();
    request.send(photo);
  });
}
