/* Who works on this tablet, for a page that opens without the server: a name, and the slot of a letter box. What goes
   in by the slot comes out only with the key that the server gives its owner after signing in. Nothing here says
   anything of a patient, and away.js takes it away when nobody is signed in any more. */

const DATABASE = "mottling-tablet";
const SHELF = "here";
const PLACE = "now";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SEALING = { name: "AES-GCM", length: 256 };
const LONGEST_MS = 12 * 3600 * 1000; // as long as a session lasts

/* Gives `owner`, `slot` and `lock`, or nothing where nobody is signed in. */
export async function whoIsHere() {
  const here = await inside("readonly", (shelf) => shelf.get(PLACE));
  return here && Date.now() - here.at < LONGEST_MS ? here : null;
}

/* `sealed` locks bytes with the owner's key. */
export async function remember(owner, sealed) {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const slot = await crypto.subtle.exportKey("raw", pair.publicKey);
  const lock = await sealed(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  await inside("readwrite", (shelf) => shelf.put({ owner, slot, lock, at: Date.now() }, PLACE));
}

/* A key for one photograph, and what its owner needs to find it again. */
export async function keyFor({ slot, lock }) {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const key = await shared(pair.privateKey, await publicKey(slot));
  return { key, letter: { from: await crypto.subtle.exportKey("raw", pair.publicKey), lock } };
}

/* Finds that key again, with the private key that the owner has unlocked. */
export async function keyOf({ from }, unlocked) {
  const own = await crypto.subtle.importKey("pkcs8", unlocked, CURVE, false, ["deriveBits"]);
  return shared(own, await publicKey(from));
}

function publicKey(bytes) {
  return crypto.subtle.importKey("raw", bytes, CURVE, false, []);
}

async function shared(own, theirs) {
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own, 256);
  const drawn = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode("mottling letter") };
  return crypto.subtle.deriveKey(how, drawn, SEALING, false, ["encrypt", "decrypt"]);
}

async function inside(mode, act) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(SHELF);
  const database = await done(opening);
  try {
    return await done(act(database.transaction(SHELF, mode).objectStore(SHELF)));
  } finally {
    database.close();
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
