import { randomUUID } from "node:crypto";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { ResonnxError, reasonOf } from "@resonnx/base";

/** Who works in a run folder. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When it took the lock. */
  readonly since: string;
  /** Tells this lock from any other of the same process. */
  readonly token: string;
}

/** A lock that its owner touches every BEAT ms is dead when nobody did for SILENCE ms. */
const BEAT = 20_000;
const SILENCE = 5 * 60_000;
/** A lock without a readable owner is being written for at most this long, ms. */
const WRITING = 5000;
/** How long to wait before looking whether another process took over the same dead lock, ms. */
const RIVALRY = 50;

/** The locks of this process. */
const held = new Set<string>();

/**
 * The right to write into a folder: a file that names its owner's process, host and time. A lock whose process is gone,
 * or that nobody has touched for five minutes on another host, counts for nothing and is taken over.
 */
export class RunLock {
  readonly #path: string;
  readonly #token: string;
  readonly #heart: NodeJS.Timeout;

  private constructor(path: string, token: string) {
    this.#path = path;
    this.#token = token;
    held.add(token);
    // A lock that can't be touched any more is the next write's error to report.
    this.#heart = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), BEAT).unref();
  }

  /** Takes the lock at `path`. Throws `bad-input` naming the owner when somebody works there. */
  static async take(path: string): Promise<RunLock> {
    const owner: Owner = {
      pid: process.pid,
      host: hostname(),
      since: new Date().toISOString(),
      token: randomUUID(),
    };
    if (!(await create(path, owner))) {
      const before = await read(path);
      if (before && isAlive(before.owner, before.touched)) throw busy(path, before.owner);
      await rm(path, { force: true });
      if (!(await create(path, owner))) throw busy(path, (await read(path))?.owner);
      await sleep(RIVALRY); // another process may have seen the same dead lock and removed ours
      const now = await read(path);
      if (now?.owner?.token !== owner.token) throw busy(path, now?.owner);
    }
    return new RunLock(path, owner.token);
  }

  /** Whether somebody holds the lock at `path`. */
  static async isTaken(path: string): Promise<boolean> {
    const found = await read(path);
    return found !== undefined && isAlive(found.owner, found.touched);
  }

  /** Gives the folder free; a lock that somebody else holds by now is left alone. */
  async release(): Promise<void> {
    clearInterval(this.#heart);
    held.delete(this.#token);
    const now = await read(this.#path);
    if (now?.owner?.token === this.#token) await rm(this.#path, { force: true });
  }
}

/** False when there is a lock already. */
async function create(path: string, owner: Owner): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(`${JSON.stringify(owner)}\n`);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    const what = `the run folder can't be locked: ${reasonOf(error)}`;
    throw new ResonnxError("failed", { where: path, what, cause: error });
  }
}

interface Found {
  /** Undefined while it is being written, or after a crash in the middle of that. */
  readonly owner: Owner | undefined;
  /** ms since 1970. */
  readonly touched: number;
}

/** The lock at `path`; undefined when it is gone. */
async function read(path: string): Promise<Found | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    return { owner: parseOwner(text), touched: mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ResonnxError("bad-input", { where: path, what: `the lock can't be read: ${reasonOf(error)}` });
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, host, since, token } = JSON.parse(text) as Partial<Owner>;
    if (!Number.isSafeInteger(pid) || pid! < 1) return undefined;
    if (typeof host !== "string" || typeof since !== "string" || typeof token !== "string") return undefined;
    return { pid: pid!, host, since, token };
  } catch {
    return undefined; // a half-written lock: `isAlive` judges it by its age
  }
}

function isAlive(owner: Owner | undefined, touched: number): boolean {
  const age = Date.now() - touched;
  if (!owner) return age < WRITING;
  if (owner.host !== hostname()) return age < SILENCE;
  if (owner.pid === process.pid) return held.has(owner.token); // pids repeat in containers
  const booted = Date.now() - uptime() * 1000;
  return Date.parse(owner.since) > booted && processExists(owner.pid);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 asks and does nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}

function busy(path: string, owner: Owner | undefined): ResonnxError {
  return new ResonnxError("bad-input", {
    where: path,
    what: "another run works in this folder",
    got: owner ? `process ${owner.pid} on ${owner.host} since ${owner.since}` : "a lock without a name",
    hint: "wait for it or choose another --out; if no run goes on there, delete the lock file",
  });
}
