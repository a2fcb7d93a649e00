/* On the sign-in page nobody is signed in: what lets the ward's page open without the network is taken away, and so are
   the name of who worked here and that the page was locked. The photographs that wait stay, locked for their owner. */
(async () => {
  "use strict";

  localStorage.removeItem("mottling-lock");
  indexedDB.deleteDatabase("mottling-tablet");
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) await worker.unregister();
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) await caches.delete(name);
  document.documentElement.dataset.away = "done";
})();
