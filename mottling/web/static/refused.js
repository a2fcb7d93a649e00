/* Photographs that the server refused, on the list: under which number, why, and what can be done about it. Nothing is
   let go by itself: the number is corrected, or somebody deletes the photograph, and says so twice. */

export function showRefused(sender) {
  const place = document.querySelector(".refused-here");
  if (!place) return;
  const refused = [...sender.waiting.values()].filter(({ state }) => state === "refused");
  place.hidden = refused.length === 0;
  const ids = refused.map(({ id, problem }) => `${id} ${problem}`).join();
  if (place.dataset.ids === ids) return;
  place.dataset.ids = ids;
  const rows = refused.map((entry) => rowOf(sender, entry, place.querySelector("template")));
  place.querySelector("ul").replaceChildren(...rows);
}

function rowOf(sender, { id, about, problem }, template) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.querySelector(".refused-visit").textContent = about.label ?? "";
  row.querySelector(".refused-why").textContent = problem;
  const form = row.querySelector("form");
  form.elements.patient.value = about.patient;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sender.correct(id, form.elements.patient.value.trim());
  });
  const button = row.querySelector(".refused-delete");
  button.addEventListener("click", () => {
    if (button.dataset.sure === button.textContent) return sender.drop(id);
    button.textContent = button.dataset.sure;
  });
  show(sender, id, row.querySelector("img"));
  return row;
}

async function show(sender, id, image) {
  const photo = await sender.outbox.photo(id).catch(() => null);
  if (photo) image.src = URL.createObjectURL(photo);
  image.onload = image.onerror = () => URL.revokeObjectURL(image.src);
}
