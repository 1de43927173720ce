/** A seeded source of whole numbers: `random(n)` is below n (mulberry32). */
export type Random = (below: number) => number;

export function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)]!;

type Holder = Record<string, unknown> | unknown[];
interface Place {
  readonly holder: Holder;
  readonly key: string;
}

const HOSTILE_KEYS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "length", ""];
const NAMES = /^[A-Za-z_]\w*$/;

/** Values that no reader should expect where it wants another. */
const JUNK: readonly (() => unknown)[] = [
  ...[null, true, -1, 0, 0.5, 1e9, 2 ** 31, 1e15, 2 ** 53, 1e300, "", "x", "same", "linear", [], {}].map(
    (value) => () => value,
  ),
  ...HOSTILE_KEYS.map((key) => () => key),
  () => Array.from({ length: 1000 }, (_, i) => i),
  () => "x".repeat(100_000),
  () => JSON.parse(`${"[".repeat(700)}${"]".repeat(700)}`),
  () => JSON.parse(`${'{"config":'.repeat(800)}1${"}".repeat(800)}`),
  () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
];

/** Ways to spoil one place of a JSON value; `others` are all its places, for values that fit elsewhere. */
const spoilers: readonly ((place: Place, random: Random, others: readonly Place[]) => void)[] = [
  (place, random) => write(place, pick(random, JUNK)()),
  (place, random) => write(place, pick(random, JUNK)()),
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  (place, random, others) => write(place, structuredClone(read(pick(random, others)))),
  // A name where another name stands: cycles, weights that change places, classes with others' configs.
  (place, random, others) => {
    const names = others.map(read).filter((value) => typeof value === "string" && NAMES.test(value));
    write(place, pick(random, names.length > 0 ? names : ["x"]));
  },
  (place, random) => {
    const value = read(place);
    write(
      place,
      typeof value === "number" ? pick(random, [-value, value + 1, value * 1e9, value / 2]) : [value, value],
    );
  },
  ({ holder, key }, random) => {
    if (Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
    else write({ holder, key: pick(random, HOSTILE_KEYS) }, structuredClone(holder[key]));
  },
];

const read = ({ holder, key }: Place): unknown => (holder as Record<string, unknown>)[key];

/** As JSON.parse would: also `__proto__` becomes an entry. */
const write = ({ holder, key }: Place, value: unknown): void => {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
};

/** The text of `json` with one to three places spoiled. */
export function mutateJson(json: unknown, random: Random): string {
  const spoiled: unknown = structuredClone(json);
  for (let n = 1 + random(3); n > 0; n--) {
    const places = placesIn(spoiled);
    if (places.length > 0) pick(random, spoilers)(pick(random, places), random, places);
  }
  return JSON.stringify(spoiled);
}

function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const queue = [root];
  for (const value of queue) {
    if (typeof value !== "object" || value === null || places.length > 20_000) continue;
    for (const key of Object.keys(value)) {
      const place = { holder: value as Holder, key };
      places.push(place);
      queue.push(read(place));
    }
  }
  return places;
}

const bytesSpoilers: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => bytes.slice(0, random(bytes.length)),
  (bytes, random) => changed(bytes, random, 1, (byte) => byte ^ (1 << random(8))),
  (bytes, random) => changed(bytes, random, 1 + random(64), () => random(256)),
  (bytes, random) => changed(bytes, random, 8, () => 0xff),
  (bytes, random) => changed(bytes, random, 4, () => 0),
  (bytes, random) => {
    const [from, to, length] = [random(bytes.length), random(bytes.length), random(512)];
    return bytes.slice().copyWithin(to, from, from + length);
  },
  (bytes, random) => {
    const longer = new Uint8Array(bytes.length + random(100));
    longer.set(bytes);
    return longer;
  },
];

/** `count` neighbouring bytes at a random place changed; the first kilobytes, which hold the structure, more often. */
function changed(bytes: Uint8Array, random: Random, count: number, change: (byte: number) => number): Uint8Array {
  const start = random(random(2) === 0 ? Math.min(2048, bytes.length) : bytes.length);
  return bytes.map((byte, i) => (i >= start && i < start + count ? change(byte) : byte));
}

/** The bytes cut, damaged or lengthened. */
export const mutateBytes = (bytes: Uint8Array, random: Random): Uint8Array =>
  pick(random, bytesSpoilers)(bytes, random);
