/* The ward's service worker: where the network or the server is missing, the ward's page opens all the same.
   It keeps the files of this release and an empty shell (the camera page, the scale, nobody's data), and nothing else:
   not the list, no photograph, no answer of the server. What a browser caches lies on the tablet's disk in clear, and
   whoever signs in next, or finds the tablet, could read it there. Photographs wait encrypted, in outbox.js.
   The server puts RELEASE before this text, so a new release is a new worker: it takes the old one's place at once. */

const CACHE = `mottling-${RELEASE.version}`;
const NO_SERVER = [502, 503, 504];

self.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(replaceOthers());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...RELEASE.files, ...Object.values(RELEASE.shells).map((path) => new Request(path, { cache: "reload" }))]);
  await self.skipWaiting();
}

async function replaceOthers() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

async function page(request, pathname) {
  const shell = RELEASE.shells[pathname.split("/")[2]] ?? Object.values(RELEASE.shells)[0];
  try {
    const answer = await fetch(request);
    if (!NO_SERVER.includes(answer.status)) return answer;
  } catch {
    // no network, or no server: the shell
  }
  return (await kept(shell)) ?? Response.error();
}

async function file(request) {
  return (await kept(request)) ?? fetch(request);
}

/* Looks into this release's cache only. */
async function kept(asked) {
  return (await caches.has(CACHE)) ? (await caches.open(CACHE)).match(asked) : undefined;
}
