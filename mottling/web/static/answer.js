/* The score tiles: keys 0 to 5, N for not assessable, A for "at least"; and how long the photograph was in sight. */
(() => {
  "use strict";

  class AnswerForm {
    constructor(form) {
      this.form = form;
      this.button = form.querySelector(".answer-lock");
      this.atLeast = form.elements["answer.at_least"];
      form.addEventListener("change", () => this.changed());
      this.changed();
    }

    get score() {
      return this.form.elements["answer.score"].value;
    }

    get reason() {
      return this.form.elements["answer.reason"]?.value ?? "";
    }

    changed() {
      const isNone = this.score === "none";
      const mayBeMore = "1234".includes(this.score) && this.score !== "";
      this.atLeast.disabled = !mayBeMore;
      if (!mayBeMore) this.atLeast.checked = false;
      this.form.querySelector(".answer-reasons").hidden = !isNone;
      for (const reason of this.form.querySelectorAll(".answer-reasons input")) {
        reason.disabled = !isNone;
        if (!isNone) reason.checked = false;
      }
      const tile = this.form.querySelector(".tile input:checked");
      this.form.querySelector(".answer-means").textContent = tile?.dataset.means ?? "";
      if (isNone) requestAnimationFrame(() => this.button.scrollIntoView({ block: "nearest" }));
      this.button.disabled = this.score === "" || (isNone && this.reason === "");
      this.button.querySelector(".answer-said").textContent = this.said(isNone);
    }

    said(isNone) {
      if (this.score === "") return "";
      if (isNone) return this.button.dataset.none;
      return this.atLeast.checked ? `≥ ${this.score}` : this.score;
    }

    key(key) {
      const value = key.toLowerCase() === "n" ? "none" : key;
      const tile = this.form.querySelector(`input[name="answer.score"][value="${CSS.escape(value)}"]`);
      if (tile) tile.click();
      else if (key.toLowerCase() === "a" && !this.atLeast.disabled) this.atLeast.click();
      else return false;
      tile?.focus({ preventScroll: true });
      return true;
    }
  }

  /* Who touches nothing for so long is not reading any more: what comes after it does not count. */
  const IDLE_MS = 60000;
  let touched = performance.now();
  for (const name of ["pointerdown", "pointermove", "wheel", "keydown"]) {
    document.addEventListener(name, () => { touched = performance.now(); }, { capture: true, passive: true });
  }

  /* Counts only while the photograph has loaded, the page is in sight and somebody does something on it. */
  class Clock {
    constructor(field, image) {
      this.field = field;
      this.image = image;
      this.seconds = 0;
      this.last = touched = performance.now();
      this.timer = setInterval(() => this.tick(), 250);
    }

    tick() {
      if (!this.field.isConnected) return clearInterval(this.timer);
      const now = performance.now();
      if (!document.hidden && now - touched < IDLE_MS && this.image?.complete && this.image.naturalWidth) {
        this.seconds += (now - this.last) / 1000;
      }
      this.last = now;
      this.field.value = this.seconds.toFixed(2);
    }
  }

  const known = new WeakMap();
  let current = null;

  document.addEventListener("mottling:shown", (event) => {
    const form = event.detail.querySelector("form:has(.answer)");
    current = form ? answerOf(form) : null;
    const field = event.detail.querySelector("input[data-clock]");
    if (field) new Clock(field, event.detail.querySelector(".viewer-photo"));
  });

  /* The same form may be shown again, emptied. */
  function answerOf(form) {
    if (!known.has(form)) known.set(form, new AnswerForm(form));
    const answer = known.get(form);
    answer.changed();
    return answer;
  }

  document.addEventListener("keydown", (event) => {
    if (!current?.form.getClientRects().length || event.target.closest?.("dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    if (current.key(event.key)) return event.preventDefault();
    const isOnButton = event.target.closest?.("button, a, summary");
    if (event.key === "Enter" && !isOnButton && !current.button.disabled) {
      event.preventDefault();
      current.form.requestSubmit(current.button);
    }
  });
})();
