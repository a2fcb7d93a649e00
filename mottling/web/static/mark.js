/* The mottled border, marked on the photograph by who wants to: in strokes or corner by corner, with pen, finger, mouse
   or keys. What is marked goes with the answer's form; nothing of it is needed to lock. */
(() => {
  "use strict";

  const { Marks, fewer } = window.mottling.outline;
  const TAP_PX = 8;
  const NEAR_PX = 18;
  const STEP_PX = 12;
  const EDGE_PX = 24;
  const SVG = "http://www.w3.org/2000/svg";

  class Marker {
    constructor(tools, viewer, field) {
      [this.tools, this.viewer, this.field] = [tools, viewer, field];
      this.photo = viewer.layer.querySelector(".viewer-photo");
      this.hint = viewer.stage.querySelector(".marks-hint");
      this.marks = new Marks(field.value ? JSON.parse(field.value).patches.map((patch) => patch.corners) : []);
      this.stroke = null;
      this.cross = null;
      this.drawing = document.createElementNS(SVG, "svg");
      this.drawing.setAttribute("class", "marks-drawing");
      this.drawing.setAttribute("aria-hidden", "true");
      viewer.layer.append(this.drawing);
      this.press(".marks-on", () => this.turn(!this.isOn));
      this.press(".marks-close", () => this.marks.close());
      this.press(".marks-undo", () => this.marks.undo());
      this.press(".marks-clear", () => this.marks.clear());
      this.photo.addEventListener("load", () => this.draw());
      viewer.stage.addEventListener("keydown", (event) => this.key(event), { capture: true });
      viewer.stage.addEventListener("dblclick", () => this.isOn && this.act(() => this.marks.close()));
      this.draw();
    }

    press(selector, act) {
      this.tools.querySelector(selector).addEventListener("click", () => this.act(act));
    }

    get isOn() {
      return this.viewer.tool === this;
    }

    turn(isOn) {
      this.viewer.tool = isOn ? this : null;
      this.cross = null;
      if (isOn) this.viewer.stage.focus({ preventScroll: true });
      else this.act(() => this.marks.finish());
      this.draw();
    }

    act(act) {
      act();
      this.save();
      this.draw();
    }

    save() {
      const [width, height] = this.size;
      const patches = this.marks.all.map((corners) => ({ corners }));
      this.field.value = patches.length ? JSON.stringify({ width_px: width, height_px: height, patches }) : "";
    }

    get size() {
      return [this.photo.naturalWidth, this.photo.naturalHeight];
    }

    /* Pixels of the photograph that one pixel of the screen shows, and where the photograph begins on the screen. */
    get view() {
      const box = this.viewer.layer.getBoundingClientRect();
      const [width, height] = this.size;
      const ratio = Math.max(width / box.width, height / box.height);
      return {
        ratio,
        left: box.left + (box.width - width / ratio) / 2,
        top: box.top + (box.height - height / ratio) / 2,
      };
    }

    at(clientX, clientY) {
      const { ratio, left, top } = this.view;
      const [x, y] = [(clientX - left) * ratio, (clientY - top) * ratio].map(Math.floor);
      return this.size.map((side, n) => Math.min(side - 1, Math.max(0, [x, y][n])));
    }

    /* The viewer asks whether a finger that comes down draws; a palm beside a pen, or another button, moves. */
    begin(event) {
      if (event.pointerType === "pen") this.hasPen = true;
      if (event.button !== 0 || !this.size[0] || (this.hasPen && event.pointerType === "touch")) return false;
      this.cross = null;
      this.stroke = { from: event, points: [this.at(event.clientX, event.clientY)], isTap: true };
      return true;
    }

    move(event) {
      const { from, points } = this.stroke;
      if (Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > TAP_PX) this.stroke.isTap = false;
      points.push(this.at(event.clientX, event.clientY));
      this.draw();
    }

    end() {
      const { from, points, isTap } = this.stroke;
      this.stroke = null;
      this.act(() => (isTap ? this.tap(from.clientX, from.clientY) : this.marks.stroke(fewer(points, this.view.ratio))));
    }

    cancel() {
      this.stroke = null;
      this.draw();
    }

    tap(clientX, clientY) {
      const point = this.at(clientX, clientY);
      const near = NEAR_PX * this.view.ratio;
      const isAt = (corner) => corner && Math.hypot(corner[0] - point[0], corner[1] - point[1]) <= near;
      if (this.marks.isClosable && isAt(this.marks.corners[0])) return this.marks.close();
      if (!isAt(this.marks.corners.at(-1))) this.marks.corner(point);
    }

    key(event) {
      if (!this.isOn || event.ctrlKey || event.metaKey || event.altKey) return;
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      const acts = {
        " ": () => this.cornerAtCross(),
        Backspace: () => this.act(() => this.marks.undo()),
        Escape: () => this.turn(false),
      };
      if (this.marks.isClosable) acts.Enter = () => this.act(() => this.marks.close());
      if (!steps && !acts[event.key]) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (steps) this.go(steps, event.shiftKey ? 2 : STEP_PX);
      else acts[event.key]();
    }

    /* A cross for who draws by keys, in pixels of the screen; at the edge the photograph moves under it. */
    go([x, y], step) {
      const { width, height } = this.viewer.stage.getBoundingClientRect();
      this.cross ??= [width / 2, height / 2];
      const to = [this.cross[0] + x * step, this.cross[1] + y * step];
      this.cross = [width, height].map((side, n) => Math.min(side - EDGE_PX, Math.max(EDGE_PX, to[n])));
      this.viewer.x -= to[0] - this.cross[0];
      this.viewer.y -= to[1] - this.cross[1];
      this.viewer.draw();
      this.draw();
    }

    cornerAtCross() {
      const { left, top, width, height } = this.viewer.stage.getBoundingClientRect();
      this.cross ??= [width / 2, height / 2];
      this.act(() => this.marks.corner(this.at(left + this.cross[0], top + this.cross[1])));
    }

    draw() {
      const { patches, corners, isClosable } = this.marks;
      this.drawing.setAttribute("viewBox", `0 0 ${this.size.join(" ")}`);
      const open = [...corners, ...(this.stroke?.isTap === false ? this.stroke.points : [])];
      const lines = [...patches.map((each) => line(each, true)), line(open, open.length > 2)].join("");
      const dots = corners.map(([x, y]) => `M${x + 0.5} ${y + 0.5}h0`).join("");
      this.drawing.replaceChildren(path("marks-under", lines), path("marks-line", lines), path("marks-dots", dots));
      if (this.cross) this.drawing.append(path("marks-cross", this.crossLines()));
      this.tell(isClosable);
    }

    crossLines() {
      const { left, top } = this.viewer.stage.getBoundingClientRect();
      const { ratio } = this.view;
      const [x, y] = this.at(left + this.cross[0], top + this.cross[1]);
      const arm = 14 * ratio;
      return `M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}`;
    }

    tell(isClosable) {
      const { patches, corners, before, isFull } = this.marks;
      const part = (name) => this.tools.querySelector(`.marks-${name}`);
      part("on").setAttribute("aria-pressed", String(this.isOn));
      part("number").textContent = patches.length || "";
      part("close").hidden = !this.isOn || !corners.length;
      part("undo").hidden = part("clear").hidden = !this.isOn && !patches.length;
      part("close").disabled = !isClosable;
      part("undo").disabled = !before.length;
      part("clear").disabled = !patches.length && !corners.length;
      /* It lies on the photograph, so it goes as soon as somebody draws. */
      this.hint.hidden = !this.isOn || patches.length > 0 || corners.length > 0 || this.stroke !== null;
      this.viewer.stage.classList.toggle("is-marking", this.isOn);
      const { corners: cornersText, patches: patchesText, full } = this.tools.dataset;
      const text = corners.length ? [cornersText, corners.length] : [isFull ? full : patchesText, patches.length];
      const said = this.isOn || patches.length ? text[0].replace("{n}", text[1]) : "";
      if (part("said").textContent !== said) part("said").textContent = said;
    }
  }

  function line(corners, isClosed) {
    if (!corners.length) return "";
    return `M${corners.map(([x, y]) => `${x + 0.5} ${y + 0.5}`).join("L")}${isClosed ? "Z" : ""}`;
  }

  function path(name, lines) {
    const made = document.createElementNS(SVG, "path");
    made.setAttribute("class", name);
    made.setAttribute("d", lines);
    return made;
  }

  let current = null;

  document.addEventListener("mottling:shown", (event) => {
    const tools = event.detail.querySelector(".marks");
    const field = event.detail.querySelector("[data-marking]");
    const viewer = tools && window.mottling.viewerOf(tools.closest("figure.viewer"));
    current = viewer && field ? new Marker(tools, viewer, field) : null;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    if (!current?.tools.getClientRects().length || event.target.closest?.("dialog")) return;
    event.preventDefault();
    current.turn(!current.isOn);
  });
})();
