/* The next photograph is fetched while this one is read, and shown from memory when its turn comes. */
(() => {
  "use strict";

  /* By address: the photograph on the screen, and the one after it. Gone with the page; nothing is kept on disk. */
  const held = new Map();

  document.addEventListener("mottling:shown", (event) => {
    const photo = event.detail.querySelector(".room .viewer-photo");
    const shown = photo?.getAttribute("src");
    const next = event.detail.querySelector("[data-ahead]")?.dataset.ahead;
    letGo([shown, next]);
    /* Before the browser begins to ask for it: the address is exchanged in the turn in which it was written. */
    if (held.has(shown)) photo.src = held.get(shown).address;
    if (next && !held.has(next)) afterwards(photo, () => take(next));
  });

  function afterwards(photo, act) {
    if (photo.complete && photo.naturalWidth) return act();
    photo.addEventListener("load", act, { once: true });
  }

  async function take(address) {
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) return;
    const image = new Image();
    image.src = URL.createObjectURL(await answer.blob());
    held.set(address, { address: image.src, image });
    await image.decode().catch(() => {});
  }

  function letGo(wanted) {
    for (const [address, one] of held) {
      if (wanted.includes(address)) continue;
      URL.revokeObjectURL(one.address);
      held.delete(address);
    }
  }
})();
