/* The lock: a page that nobody touches is covered and its session ends. Its owner goes on where the page was left: nothing
   on it is lost, least of all a photograph without a score. Whoever else signs in gets a page of his own.
   A page that opened without the server is locked in the same way, and so is one that is opened after the tablet was left:
   when it was last touched, and that it is locked, stays in the browser. Only the server unlocks, because only the server
   counts the tries: what could check a PIN on the tablet could be tried there as often as a thief likes. */
(() => {
  "use strict";

  const LOOK_EVERY_MS = 5000;
  /* Who looks at one page for long asks the server for nothing, and is here all the same: it is told so often. */
  const TOLD_IN_IDLE_TIME = 4;
  const KEPT = "mottling-lock";

  class Lock {
    constructor() {
      this.touched = this.told = Date.now();
      for (const name of ["pointerdown", "keydown", "wheel"]) {
        document.addEventListener(name, () => { this.touched = Date.now(); }, { passive: true, capture: true });
      }
      document.addEventListener("visibilitychange", () => this.look());
      document.addEventListener("mottling:framed", () => this.framed());
      document.addEventListener("submit", (event) => this.submitted(event));
      document.addEventListener("click", (event) => this.clicked(event));
      for (const name of ["cancel", "close"]) document.addEventListener(name, (event) => this.stay(event), true);
      window.addEventListener("pagehide", () => { if (!this.dialog?.open) this.keep(); }); // a lock was noted when it shut
      setInterval(() => this.look(), LOOK_EVERY_MS);
    }

    get dialog() {
      return document.querySelector("dialog.lock");
    }

    get idle_ms() {
      return 1000 * Number(this.dialog?.dataset.idleS ?? 0);
    }

    look() {
      if (!this.idle_ms) return;
      if (this.dialog.open) return this.end();
      if (Date.now() - this.touched > this.idle_ms) return this.leave();
      if (this.touched > this.told && Date.now() - this.told > this.idle_ms / TOLD_IN_IDLE_TIME) this.tell();
      this.keep();
    }

    /* A page has come with its lock. It came from the server, where somebody is signed in; or, without the server, from
       what the browser keeps: then it is open only as long as it would be had it not been left. */
    framed() {
      if (!this.dialog) return;
      const kept = JSON.parse(localStorage.getItem(KEPT));
      const isShell = "home" in document.documentElement.dataset;
      if (kept?.isLocked || (isShell && !(Date.now() - kept?.touched <= this.idle_ms))) this.leave();
      else this.keep();
    }

    keep() {
      if (this.idle_ms) localStorage.setItem(KEPT, JSON.stringify({ touched: this.touched, isLocked: this.dialog.open }));
    }

    async tell() {
      this.told = Date.now();
      const answer = await fetch("/here").catch(() => null);
      if (answer?.status === 401) this.shut();
    }

    leave() {
      this.shut();
      this.isOwed = true;
      this.end();
    }

    /* Ends the session as soon as the server can be told; without being told it ends it after the same time. */
    async end() {
      if (!this.isOwed) return;
      this.ending ??= fetch("/sign-out", { method: "POST", redirect: "manual" }).then(() => { this.isOwed = false; }, () => {});
      await this.ending;
      this.ending = null;
    }

    /* The session is over: the page is covered, and stays as it is beneath. */
    shut() {
      if (!this.dialog) return window.location.assign("/sign-in");
      if (this.dialog.open) return;
      this.isOpen = false;
      this.say("");
      this.dialog.showModal();
      this.keep();
      document.dispatchEvent(new CustomEvent("mottling:locked"));
    }

    async submitted(event) {
      const form = event.target.closest(".lock form");
      if (!form) return;
      event.preventDefault();
      const sent = new URLSearchParams(new FormData(form));
      form.reset();
      this.say("");
      await this.end();
      const answer = await fetch("/sign-in", { method: "POST", body: sent, headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) return this.open();
      const said = await answer?.json().catch(() => null);
      this.say(said ? [said.message, said.remedy].join(". ") : this.dialog.dataset.noAnswer);
    }

    open() {
      this.touched = this.told = Date.now();
      this.isOpen = true;
      this.isOwed = false;
      this.dialog.close();
      this.keep();
      document.dispatchEvent(new CustomEvent("mottling:unlocked"));
    }

    /* Somebody else signs in on a page of the server's. */
    async clicked(event) {
      const other = event.target.closest?.(".lock-other");
      if (!other) return;
      event.preventDefault();
      const answer = await fetch("/alive", { cache: "no-store" }).catch(() => null);
      if (answer?.ok) window.location.assign(other.href);
      else this.say(this.dialog.dataset.noAnswer);
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
