/* The code of an invitation stands behind the # of its link: it goes into the form, and out of the address. */
(() => {
  "use strict";

  localStorage.removeItem("mottling-lock"); // whoever comes in by this page is not who left one locked
  const field = document.querySelector("#code");
  const code = window.location.hash.slice(1);
  if (code) field.value = code;
  if (!field.value) return;
  const label = field.closest("label");
  field.type = "hidden";
  label.before(field);
  label.remove();
  for (const link of document.querySelectorAll(".languages a")) link.hash = field.value;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  document.querySelector("#new").focus();
})();
