/* Reads a small file for a form: its bytes go, in base64, into a hidden field. Photographs go by outbox.js. */
(() => {
  "use strict";

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.files.length || !input.dataset.into) return;
    input.form.elements[input.dataset.into].value = await asBase64(input.files[0]);
    if (input.dataset.now !== undefined) input.form.requestSubmit();
  });

  function asBase64(file) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(file);
    });
  }
})();
