/* Sends a photograph as it is, byte for byte; tries again when the network or the server fails, with the same key,
   so that it is stored once. A small file for a form is read here too. */
(() => {
  "use strict";

  const PAUSES_S = [1, 2, 4, 8, 15, 30, 30, 30];

  class Upload {
    constructor(box, file) {
      this.box = box;
      this.file = file;
      this.key = newKey();
      this.tries = 0;
      this.bar = box.querySelector("progress");
      box.querySelector("img").src = URL.createObjectURL(file);
      box.dataset.state = "sending";
      window.addEventListener("beforeunload", hold);
      this.send();
    }

    send() {
      const request = new XMLHttpRequest();
      request.open("POST", "/ward/photos");
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.setRequestHeader("Idempotency-Key", this.key);
      request.setRequestHeader("Mottling-Patient", this.box.dataset.patient);
      request.setRequestHeader("Mottling-Visit", this.box.dataset.visit);
      request.responseType = "json";
      request.upload.onprogress = (event) => this.progress(event);
      request.onload = () => this.answered(request);
      request.onerror = () => this.again();
      request.ontimeout = () => this.again();
      this.say("sending");
      request.send(this.file);
    }

    progress(event) {
      if (!event.lengthComputable) return;
      this.bar.max = event.total;
      this.bar.value = event.loaded;
      if (event.loaded === event.total) this.say("storing");
    }

    answered(request) {
      if (request.status === 201) return this.stored(request.response);
      if (request.status >= 500 || request.status === 429) return this.again();
      if (request.status === 401) return window.location.assign("/sign-in");
      this.refused(request.response ?? {});
    }

    stored(taken) {
      this.end("stored");
      window.mottling.deed(this.box.dataset.then, { photo_id: taken.photo_id });
    }

    refused({ message = "", remedy = "" }) {
      this.end("refused");
      this.box.querySelector(".photo-problem").textContent = [message, remedy].filter(Boolean).join(". ");
    }

    again() {
      const pause = PAUSES_S[Math.min(this.tries, PAUSES_S.length - 1)];
      this.tries += 1;
      this.box.dataset.state = "waiting";
      this.say("waiting");
      this.timer = setTimeout(() => this.resume(), pause * 1000);
    }

    resume() {
      clearTimeout(this.timer);
      if (!this.box.isConnected || this.box.dataset.state !== "waiting") return;
      this.box.dataset.state = "sending";
      this.send();
    }

    end(state) {
      window.removeEventListener("beforeunload", hold);
      this.box.dataset.state = state;
    }

    say(what) {
      this.box.querySelector(".photo-said").textContent = this.box.dataset[`say${what[0].toUpperCase()}${what.slice(1)}`];
    }
  }

  function hold(event) {
    event.preventDefault();
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  let current = null;

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.files.length) return;
    const file = input.files[0];
    if (input.matches(".photo-input input")) {
      current = new Upload(input.closest(".photo-input"), file);
      input.value = "";
    } else if (input.dataset.into) {
      const target = input.form.elements[input.dataset.into];
      target.value = await asBase64(file);
      input.form.elements[input.dataset.named] && (input.form.elements[input.dataset.named].value = file.name);
      if (input.dataset.now !== undefined) input.form.requestSubmit();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".photo-again")) current?.resume();
  });
  window.addEventListener("online", () => current?.resume());

  function asBase64(file) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(file);
    });
  }
})();
