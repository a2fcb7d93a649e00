/* The lock: a page that nobody touches is covered and its session ends. Its owner goes on where the page was left: nothing
   on it is lost, least of all a photograph without a score. Whoever else signs in gets a page of his own. */
(() => {
  "use strict";

  const LOOK_EVERY_MS = 5000;
  /* Who looks at one page for long asks the server for nothing, and is here all the same: it is told so often. */
  const TOLD_IN_IDLE_TIME = 4;

  class Lock {
    constructor() {
      this.touched = this.told = Date.now();
      for (const name of ["pointerdown", "keydown", "wheel"]) {
        document.addEventListener(name, () => { this.touched = Date.now(); }, { passive: true, capture: true });
      }
      document.addEventListener("visibilitychange", () => this.look());
      document.addEventListener("submit", (event) => this.submitted(event));
      for (const name of ["cancel", "close"]) document.addEventListener(name, (event) => this.stay(event), true);
      setInterval(() => this.look(), LOOK_EVERY_MS);
    }

    get dialog() {
      return document.querySelector("dialog.lock");
    }

    look() {
      const idle_ms = 1000 * Number(this.dialog?.dataset.idleS ?? 0);
      if (!idle_ms || this.dialog.open) return;
      if (Date.now() - this.touched > idle_ms) this.leave();
      else if (this.touched > this.told && Date.now() - this.told > idle_ms / TOLD_IN_IDLE_TIME) this.tell();
    }

    async tell() {
      this.told = Date.now();
      const answer = await fetch("/here").catch(() => null);
      if (answer?.status === 401) this.shut();
    }

    /* Without network the server ends the session by itself, after the same time. */
    leave() {
      this.shut();
      fetch("/sign-out", { method: "POST", redirect: "manual" }).catch(() => null);
    }

    /* The session is over: the page is covered, and stays as it is beneath. */
    shut() {
      if (!this.dialog) return window.location.assign("/sign-in");
      if (this.dialog.open) return;
      this.isOpen = false;
      this.say("");
      this.dialog.showModal();
      document.dispatchEvent(new CustomEvent("mottling:locked"));
    }

    async submitted(event) {
      const form = event.target.closest(".lock form");
      if (!form) return;
      event.preventDefault();
      const sent = new URLSearchParams(new FormData(form));
      form.reset();
      this.say("");
      const answer = await fetch("/sign-in", { method: "POST", body: sent, headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) return this.open();
      const said = await answer?.json().catch(() => null);
      this.say(said ? [said.message, said.remedy].join(". ") : this.dialog.dataset.noAnswer);
    }

    open() {
      this.touched = this.told = Date.now();
      this.isOpen = true;
      this.dialog.close();
      document.dispatchEvent(new CustomEvent("mottling:unlocked"));
    }

    /* A tablet's gesture for "back", or the Escape key, opens nothing. */
    stay(event) {
      if (event.target !== this.dialog) return;
      if (event.type === "cancel") event.preventDefault();
      else if (!this.isOpen) this.dialog.showModal();
    }

    say(text) {
      this.dialog.querySelector(".lock-said").textContent = text;
    }
  }

  const lock = new Lock();
  window.mottling.lock = () => lock.shut();
})();
