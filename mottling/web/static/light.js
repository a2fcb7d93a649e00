/* Brightness and contrast of the photograph on the screen: nothing is stored, and each photograph begins plain. */
(() => {
  "use strict";

  const PLAIN = "100";

  class Light {
    constructor(tools) {
      this.photo = tools.closest(".room-photo").querySelector(".viewer-photo");
      this.button = tools.querySelector(".light-plain");
      this.sliders = [...tools.querySelectorAll("input[type=range]")];
      tools.addEventListener("input", () => this.draw());
      /* A slider that keeps the focus would take the keys of the score; who uses it by keyboard keeps it. */
      tools.addEventListener("pointerup", (event) => event.target.blur());
      this.button.addEventListener("click", () => this.plain());
      this.plain();
    }

    plain() {
      for (const slider of this.sliders) slider.value = PLAIN;
      this.draw();
    }

    draw() {
      const isPlain = this.sliders.every((slider) => slider.value === PLAIN);
      const filters = this.sliders.map((slider) => `${slider.dataset.filter}(${slider.value}%)`);
      this.photo.style.filter = isPlain ? "" : filters.join(" ");
      this.button.disabled = isPlain;
    }
  }

  document.addEventListener("mottling:shown", (event) => {
    for (const tools of event.detail.querySelectorAll(".light")) new Light(tools);
  });
})();
