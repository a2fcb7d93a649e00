/* What the server shows is put on the page; what a person does goes back as a deed. No state is kept here. */
(() => {
  "use strict";

  const NO_ANSWER_AFTER_MS = 30000;
  const NOTICE_STAYS_MS = 6000;

  // Gradio would only say "connection errored out": the page of who is no longer signed in is locked.
  const plainFetch = window.fetch;
  window.fetch = async (...request) => {
    const address = String(request[0]?.url ?? request[0]);
    const isDeed = address.includes("/queue/join");
    try {
      const answer = await plainFetch(...request);
      if (answer.status === 401 && address.includes("/gradio_api/")) window.mottling.lock();
      if (isDeed && !answer.ok) page?.failed();
      return answer;
    } catch (error) {
      if (isDeed) page?.failed();
      throw error;
    }
  };

  let page = null;

  /* The key of what waits on the tablet: it comes with the list, and is kept here and nowhere else. */
  let keyCame;
  const outbox = new Promise((resolve) => { keyCame = resolve; });

  class Page {
    constructor(element, props, send) {
      this.props = props;
      this.send = send;
      this.root = element.querySelector(".live");
      this.root.innerHTML =
        '<div class="frame"></div><div class="busy-line"></div>' +
        '<div class="said" role="status" aria-live="polite"></div><main class="body"></main>';
      [this.frame, , this.said, this.body] = this.root.children;
      this.root.addEventListener("click", (event) => this.clicked(event));
      this.root.addEventListener("submit", (event) => this.submitted(event));
    }

    clicked(event) {
      if (event.target.closest(".said-close")) return this.say(null);
      const pressed = event.target.closest("[data-do]");
      if (!pressed || pressed.tagName === "FORM" || pressed.disabled) return;
      event.preventDefault();
      this.deed(pressed.dataset.do, given(pressed));
    }

    submitted(event) {
      const form = event.target.closest("form[data-do]");
      if (!form) return;
      event.preventDefault();
      const fields = given(form);
      for (const [name, value] of new FormData(form)) put(fields, name.split("."), value);
      this.deed(form.dataset.do, fields);
    }

    deed(name, form) {
      if (this.root.classList.contains("busy")) return;
      this.busy(true);
      this.say(null);
      this.send({ deed: name, form });
    }

    busy(isBusy) {
      clearTimeout(this.waiting);
      this.root.classList.toggle("busy", isBusy);
      this.body.inert = isBusy;
      if (isBusy) this.waiting = setTimeout(() => this.failed(), NO_ANSWER_AFTER_MS);
    }

    failed() {
      this.busy(false);
      this.say("problem", this.words("noAnswer"), this.words("noAnswerRemedy"));
    }

    words(name) {
      return this.frame.querySelector("[data-no-answer]")?.dataset[name] ?? "";
    }

    shown() {
      const answer = this.props.value;
      if (!answer) return;
      this.busy(false);
      if (answer.frame) {
        this.frame.innerHTML = answer.frame;
        document.dispatchEvent(new CustomEvent("mottling:framed", { detail: this.frame }));
      }
      if (answer.outbox) keyCame(answer.outbox);
      if (answer.problem) this.say("problem", ...answer.problem);
      else this.say(answer.notice ? "notice" : null, answer.notice);
      if (answer.body !== null) this.fill(answer.body);
    }

    fill(html) {
      this.body.innerHTML = html;
      this.settle();
    }

    settle() {
      document.dispatchEvent(new CustomEvent("mottling:shown", { detail: this.body }));
      window.scrollTo(0, 0);
      this.body.querySelector("[data-focus]")?.focus({ preventScroll: true });
    }

    say(kind, message = "", remedy = "") {
      clearTimeout(this.passing);
      this.said.className = kind ? `said said-${kind}` : "said";
      this.said.replaceChildren();
      if (!kind) return;
      const text = document.createElement("p");
      text.append(strong(message), " ", remedy ? sentence(remedy) : "");
      const close = document.createElement("button");
      close.type = "button";
      close.className = "said-close";
      close.ariaLabel = this.words("close");
      close.textContent = "×";
      this.said.append(text, close);
      if (kind === "problem") this.said.scrollIntoView({ block: "nearest" });
      else this.passing = setTimeout(() => this.say(null), NOTICE_STAYS_MS);
    }
  }

  function strong(text) {
    const made = document.createElement("strong");
    made.textContent = sentence(text);
    return made;
  }

  function sentence(text) {
    return /[.!?]$/.test(text) ? text : `${text}.`;
  }

  function given(element) {
    const fields = {};
    for (const { name, value } of element.attributes) {
      if (name.startsWith("data-with-")) put(fields, name.slice("data-with-".length).split("."), value);
    }
    return fields;
  }

  function put(fields, path, value) {
    const last = path.pop();
    let place = fields;
    for (const name of path) place = place[name] ??= {};
    place[last] = value;
  }

  window.mottling = {
    outbox,
    live(element, props, watch, send) {
      page = new Page(element, props, send);
      watch("value", () => page.shown());
      page.shown();
    },
    deed(name, form) {
      page.deed(name, form);
    },
    /* Shows what was on the page before, or what the page brought with it: no server is asked. */
    show(...nodes) {
      page.body.replaceChildren(...nodes);
      page.settle();
    },
    shown() {
      return [...page.body.childNodes];
    },
    tell(message, remedy) {
      page.say("problem", message, remedy);
    },
  };
})();
