import { randomUUID } from "node:crypto";
import { rm, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { ResonnxError } from "@resonnx/base";
import {
  BEAT,
  createLock,
  type Found,
  fileBeside,
  held,
  isAlive,
  type Owner,
  readLock,
  replaceLock,
} from "./lock-file.ts";

/** How often a lock that changes while it is looked at is looked at anew. */
const ATTEMPTS = 100;
/** How many processes may have died one after the other in the middle of a take-over. */
const MOST_HEIRS = 1000;

/**
 * The right to write into a folder: a file that names its owner's process, host and time. A lock whose process is gone,
 * or that nobody has touched for five minutes on another host, counts for nothing and is taken over.
 *
 * Of many that see the same dead lock one gets it: whoever can create the file that claims it, which is named after the
 * dead lock. Only then, and if that is still the lock, it puts its own in the lock's place by renaming, and takes the claim
 * away last. A claim is a lock like any other: when its process is gone, it is claimed in turn.
 */
export class RunLock {
  readonly #path: string;
  readonly #token: string;
  readonly #heart: NodeJS.Timeout;

  private constructor(path: string, token: string) {
    this.#path = path;
    this.#token = token;
    // A lock that can't be touched any more is the next write's error to report.
    this.#heart = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), BEAT).unref();
  }

  /** Takes the lock at `path`. Throws `bad-input` naming the owner when somebody works there. */
  static async take(path: string): Promise<RunLock> {
    const owner = { pid: process.pid, host: hostname(), since: new Date().toISOString(), token: randomUUID() };
    held.add(owner.token);
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (await createLock(path, owner)) return new RunLock(path, owner.token);
        if (await inherit(path, owner)) return new RunLock(path, owner.token);
      }
      throw busy(path, undefined);
    } catch (error) {
      held.delete(owner.token);
      throw error;
    }
  }

  /** Whether somebody holds the lock at `path`. */
  static async isTaken(path: string): Promise<boolean> {
    const found = await readLock(path);
    return found !== undefined && isAlive((await lineOf(path, found)).at(-1)!);
  }

  /** Gives the folder free; a lock that somebody else holds by now is left alone. */
  async release(): Promise<void> {
    clearInterval(this.#heart);
    held.delete(this.#token);
    const now = await readLock(this.#path);
    if (now?.owner?.token === this.#token) await rm(this.#path, { force: true });
  }
}

/** Takes a dead lock over; false when it is another one by now. Throws `bad-input` when somebody holds it or claims it. */
async function inherit(path: string, owner: Owner): Promise<boolean> {
  const found = await readLock(path);
  if (!found) return false;
  const line = await lineOf(path, found);
  const last = line.at(-1)!;
  if (isAlive(last)) throw busy(path, last.owner);
  const claim = claimOf(path, last);
  if (!(await createLock(claim, owner))) return false;
  if ((await readLock(path))?.id !== found.id) {
    await rm(claim, { force: true }); // somebody was faster
    return false;
  }
  await replaceLock(path, owner);
  for (const each of line) await rm(claimOf(path, each), { force: true });
  return true;
}

/** A lock, whoever claims it, whoever claims that claim, and so on. */
async function lineOf(path: string, first: Found): Promise<Found[]> {
  const line = [first];
  while (line.length < MOST_HEIRS) {
    const next = await readLock(claimOf(path, line.at(-1)!));
    if (!next) break;
    line.push(next);
  }
  return line;
}

const claimOf = (path: string, { id }: Found): string => fileBeside(path, `after-${id}`);

function busy(path: string, owner: Owner | undefined): ResonnxError {
  return new ResonnxError("bad-input", {
    where: path,
    what: "another run works in this folder",
    got: owner ? `process ${owner.pid} on ${owner.host} since ${owner.since}` : "a lock without a name",
    hint: "wait for it or choose another --out; if no run goes on there, delete the lock file",
  });
}
