/* How level the tablet is held, as its own sensors say. A browser that would first have to ask the person (on iPads)
   says nothing, and is not made to ask: thirty seconds are too short for a question that no photograph needs. */

const RIGHT_ANGLE = 90;
const MOST_TILT_DEG = 8;
/* Of gravity, across the screen: where a tablet looks straight down, no side of the picture is up. */
const LEAST_ACROSS = 0.4;

export class Level {
  begin() {
    this.up = null;
    this.hear ??= (event) => { this.up = upOf(event) ?? this.up; };
    window.addEventListener("deviceorientation", this.hear);
  }

  end() {
    window.removeEventListener("deviceorientation", this.hear);
    this.up = null;
  }

  /* By how many degrees the picture leans, to either side of upright or lying; null where that cannot be said. */
  get leanDeg() {
    if (!this.up || Math.hypot(...this.up) < LEAST_ACROSS) return null;
    const turned = (Math.atan2(...this.up) * 180) / Math.PI;
    return turned - RIGHT_ANGLE * Math.round(turned / RIGHT_ANGLE);
  }

  get isTilted() {
    return this.leanDeg !== null && Math.abs(this.leanDeg) > MOST_TILT_DEG;
  }
}

/* Where up is, on the tablet's screen: to the right, and towards its upper edge. Who has no sensor says so once. */
function upOf({ beta, gamma }) {
  if (beta === null || gamma === null) return null;
  const [forth, aside] = [beta, gamma].map((angle) => (angle * Math.PI) / 180);
  return [-Math.cos(forth) * Math.sin(aside), Math.sin(forth)];
}
