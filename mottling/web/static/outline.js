/* What is marked on a photograph: patches of corners, and how a stroke becomes one. Nothing here knows of the screen. */
(() => {
  "use strict";

  /* As the server has them in `mottling/trial/markings.py`. */
  const MOST_PATCHES = 40;
  const MOST_CORNERS = 500;
  const MOST_CORNERS_IN_ALL = 4000;
  const LEAST_AREA_PX = 25;

  /* Patches and the corners of the one that is not closed, in pixels of the photograph; every step can be undone. */
  class Marks {
    constructor(patches) {
      [this.patches, this.corners, this.before] = [patches, [], []];
    }

    step(patches, corners) {
      this.before.push([this.patches, this.corners]);
      [this.patches, this.corners] = [patches, corners];
    }

    get isFull() {
      return this.patches.length >= MOST_PATCHES || this.patches.flat().length > MOST_CORNERS_IN_ALL - MOST_CORNERS;
    }

    get isClosable() {
      return isPatch(this.corners) && !this.isFull;
    }

    /* What is drawn as closed is kept as closed. */
    get all() {
      return this.isClosable ? [...this.patches, this.corners] : this.patches;
    }

    stroke(points) {
      if (this.corners.length) this.step(this.patches, [...this.corners, ...points].slice(0, MOST_CORNERS));
      else if (isPatch(points) && !this.isFull) this.step([...this.patches, points], []);
    }

    corner(point) {
      if (this.corners.length < MOST_CORNERS) this.step(this.patches, [...this.corners, point]);
    }

    close() {
      if (this.isClosable) this.step(this.all, []);
    }

    /* Who stops drawing keeps what has an area. */
    finish() {
      if (this.isClosable) this.close();
      else if (this.corners.length) this.step(this.patches, []);
    }

    undo() {
      if (this.before.length) [this.patches, this.corners] = this.before.pop();
    }

    clear() {
      if (this.patches.length || this.corners.length) this.step([], []);
    }
  }

  function isPatch(corners) {
    const doubled = corners.reduce((sum, [x, y], n) => {
      const [nextX, nextY] = corners[(n + 1) % corners.length];
      return sum + x * nextY - nextX * y;
    }, 0);
    return corners.length > 2 && Math.abs(doubled) / 2 >= LEAST_AREA_PX;
  }

  /* Leaves out what lies closer to the line than a hand is sure of (Douglas and Peucker), until few enough are left. */
  function fewer(points, unsure) {
    const kept = thinned(points, unsure);
    return kept.length > MOST_CORNERS ? fewer(points, unsure * 2) : kept;
  }

  function thinned(points, unsure) {
    if (points.length < 3) return points;
    const [first, last] = [points[0], points.at(-1)];
    const off = points.map((point) => distance(point, first, last));
    const farthest = off.indexOf(Math.max(...off));
    if (off[farthest] <= unsure) return [first, last];
    return [...thinned(points.slice(0, farthest + 1), unsure).slice(0, -1), ...thinned(points.slice(farthest), unsure)];
  }

  function distance([x, y], [ax, ay], [bx, by]) {
    const length = Math.hypot(bx - ax, by - ay);
    if (!length) return Math.hypot(x - ax, y - ay);
    return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
  }

  window.mottling.outline = { Marks, fewer };
})();
