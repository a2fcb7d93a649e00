/* Copies what stands in a field beside its button: a link, whose address is that of this server, or a text. */
(() => {
  "use strict";

  document.addEventListener("mottling:shown", ({ detail: body }) => {
    for (const field of body.querySelectorAll("[data-address]")) field.value = new URL(field.value, location.href).href;
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const field = button.closest(".copied-from").querySelector("input, textarea");
    field.select();
    // Only pages that came by https may use the clipboard; what is selected can be copied by hand.
    await navigator.clipboard?.writeText(field.value).then(() => { button.textContent = button.dataset.done; }, () => {});
  });
})();
