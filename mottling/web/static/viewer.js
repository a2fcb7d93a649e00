/* A photograph on a dark ground: wheel and pinch zoom, drag to pan, buttons and keys for the same. */
(() => {
  "use strict";

  const LARGEST = 12;
  const STEP = 1.4;
  const PAN_PX = 60;

  class Viewer {
    constructor(figure) {
      this.stage = figure.querySelector(".viewer-stage");
      this.layer = figure.querySelector(".viewer-layer");
      this.level = figure.querySelector(".viewer-level");
      this.fingers = new Map();
      /* What one finger does instead of moving the photograph; static/mark.js sets it. */
      this.tool = null;
      this.fit();
      this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
      this.stage.addEventListener("pointerdown", (event) => this.down(event));
      this.stage.addEventListener("pointermove", (event) => this.move(event));
      for (const name of ["pointerup", "pointercancel"]) {
        this.stage.addEventListener(name, (event) => this.up(event));
      }
      this.stage.addEventListener("dblclick", (event) => this.toggle(event));
      this.stage.addEventListener("keydown", (event) => this.pan(event));
      figure.querySelector(".viewer-in").addEventListener("click", () => this.step(STEP));
      figure.querySelector(".viewer-out").addEventListener("click", () => this.step(1 / STEP));
      figure.querySelector(".viewer-fit").addEventListener("click", () => this.fit());
      const slider = figure.querySelector(".viewer-mix");
      slider?.addEventListener("input", () => this.mix(figure, slider.value));
      for (const image of figure.querySelectorAll("img")) {
        image.addEventListener("load", () => this.loaded(figure));
        if (image.complete && image.naturalWidth) this.loaded(figure);
        image.addEventListener("error", () => figure.classList.add("is-missing"));
      }
    }

    loaded(figure) {
      figure.classList.remove("is-missing");
      figure.classList.add("is-loaded");
      this.lay();
    }

    /* The overlay's file has its caption below the picture: the picture goes onto the photograph, the caption away. */
    lay() {
      const [photo, overlay] = this.layer.querySelectorAll("img");
      if (!photo.naturalWidth || !overlay?.naturalWidth) return;
      const { clientWidth, clientHeight } = this.layer;
      const ratio = Math.min(clientWidth / photo.naturalWidth, clientHeight / photo.naturalHeight);
      const [width, height] = [photo.naturalWidth * ratio, photo.naturalHeight * ratio];
      const whole = (width * overlay.naturalHeight) / overlay.naturalWidth;
      Object.assign(overlay.style, {
        inset: `${(clientHeight - height) / 2}px auto auto ${(clientWidth - width) / 2}px`,
        width: `${width}px`,
        height: `${whole}px`,
        clipPath: `inset(0 0 ${Math.max(0, whole - height)}px 0)`,
      });
    }

    fit() {
      [this.scale, this.x, this.y] = [1, 0, 0];
      this.draw();
    }

    draw() {
      const { width, height } = this.stage.getBoundingClientRect();
      this.x = Math.min(0, Math.max(this.x, width * (1 - this.scale)));
      this.y = Math.min(0, Math.max(this.y, height * (1 - this.scale)));
      this.layer.style.setProperty("--zoom", this.scale);
      this.layer.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
      this.stage.classList.toggle("is-zoomed", this.scale > 1);
      this.level.textContent = `${Math.round(this.scale * 100)} %`;
    }

    zoom(factor, clientX, clientY) {
      const box = this.stage.getBoundingClientRect();
      const [x, y] = [clientX - box.left, clientY - box.top];
      const scale = Math.min(LARGEST, Math.max(1, this.scale * factor));
      this.x = x - ((x - this.x) * scale) / this.scale;
      this.y = y - ((y - this.y) * scale) / this.scale;
      this.scale = scale;
      this.draw();
    }

    step(factor) {
      const box = this.stage.getBoundingClientRect();
      this.zoom(factor, box.left + box.width / 2, box.top + box.height / 2);
    }

    toggle(event) {
      if (this.tool) return;
      if (this.scale > 1) this.fit();
      else this.zoom(3, event.clientX, event.clientY);
    }

    wheel(event) {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
    }

    down(event) {
      this.stage.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
      if (this.fingers.size > 1) this.leaveTool();
      else this.isDrawing = this.tool?.begin(event) ?? false;
    }

    up(event) {
      this.fingers.delete(event.pointerId);
      if (!this.isDrawing) return;
      if (event.type === "pointercancel") return this.leaveTool();
      this.isDrawing = false;
      this.tool.end();
    }

    /* A second finger zooms: what the first one began to draw is not meant. */
    leaveTool() {
      if (this.isDrawing) this.tool.cancel();
      this.isDrawing = false;
    }

    move(event) {
      if (!this.fingers.has(event.pointerId)) return;
      if (this.isDrawing) {
        this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
        return this.tool.move(event);
      }
      const before = this.spread();
      const [x, y] = this.fingers.get(event.pointerId);
      this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
      const share = 1 / this.fingers.size;
      this.x += (event.clientX - x) * share;
      this.y += (event.clientY - y) * share;
      const after = this.spread();
      if (before.distance && after.distance) this.zoom(after.distance / before.distance, after.x, after.y);
      else this.draw();
    }

    spread() {
      const points = [...this.fingers.values()];
      if (points.length !== 2) return { distance: 0 };
      const [[ax, ay], [bx, by]] = points;
      return { distance: Math.hypot(ax - bx, ay - by), x: (ax + bx) / 2, y: (ay + by) / 2 };
    }

    pan(event) {
      const by = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!by) return;
      event.preventDefault();
      this.x += by[0] * PAN_PX;
      this.y += by[1] * PAN_PX;
      this.draw();
    }

    mix(figure, value) {
      figure.querySelector(".viewer-overlay").style.opacity = value / 100;
    }

    key(key) {
      if (key === "+" || key === "=") this.step(STEP);
      if (key === "-") this.step(1 / STEP);
      if (key === "f") this.fit();
    }
  }

  const known = new WeakMap();
  let current = null;

  document.addEventListener("mottling:shown", (event) => {
    const viewers = [...event.detail.querySelectorAll("figure.viewer")].map(viewerOf);
    current = viewers[0] ?? null;
  });

  /* The same figure may be shown again, with another photograph. */
  function viewerOf(figure) {
    if (!known.has(figure)) known.set(figure, new Viewer(figure));
    const viewer = known.get(figure);
    viewer.fit();
    return viewer;
  }

  window.mottling.viewerOf = (figure) => known.get(figure);

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (!isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) current?.key(event.key);
  });

  window.addEventListener("resize", () => {
    current?.lay();
    current?.draw();
  });
})();
