import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  LIVE,
  LIVE_START,
  type LiveEnd,
  type LiveState,
  liveCurves,
  liveNow,
  livePage,
  nextLiveState,
  type TrainEvent,
} from "@resonnx/core";
import fastify, { type FastifyInstance } from "fastify";

/** Between two messages of how far a run is: steps may be faster than anybody reads. */
const PERIOD_MS = 500;
/** How long pages that don't read are waited for in the end. */
const LAST_MS = 2000;

/** A page on this machine that shows a run while it goes on. */
export interface LivePage {
  readonly url: string;
  tell(event: TrainEvent): void;
  /** Shows how it ended, and goes. */
  end(end: LiveEnd): Promise<void>;
}

/** Nothing is loaded from anywhere, and no other page may show or ask this one. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

/** Serves the page on a free port of 127.0.0.1. Throws what listening throws. */
export async function startLive(title: string): Promise<LivePage> {
  let state: LiveState = LIVE_START;
  const readers = new Set<PassThrough>();
  const app = liveApp(title, () => state, readers);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  let told = state;
  const send = async (): Promise<void> => {
    const [now, before] = [state, told];
    if (now === before) return;
    told = now;
    broadcast(readers, LIVE.now, liveNow(now));
    if (now.history !== before.history) broadcast(readers, LIVE.curves, await liveCurves(now));
  };
  let sending = Promise.resolve();
  const timer = setInterval(() => {
    sending = sending.then(send);
  }, PERIOD_MS);
  return {
    url,
    tell(event) {
      state = nextLiveState(state, event);
    },
    async end(end) {
      clearInterval(timer);
      state = { ...state, end };
      await sending;
      await send();
      broadcast(readers, LIVE.end, "");
      // Closing cuts connections: what was sent last must have gone before.
      await Promise.race([
        Promise.allSettled([...readers].map((reader) => finished(reader.end()))),
        sleep(LAST_MS, undefined, { ref: false }),
      ]);
      await app.close();
    },
  };
}

function liveApp(title: string, state: () => LiveState, readers: Set<PassThrough>): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    // A name that resolves to this machine could let another site's page read this one (DNS rebinding).
    if (!/^(127\.0\.0\.1|localhost):\d+$/.test(request.host)) return reply.code(403).send();
  });
  app.get("/", async (_, reply) => {
    reply.type("text/html; charset=utf-8");
    return livePage(title, state());
  });
  app.get(`/${LIVE.events}`, async (request, reply) => {
    const reader = new PassThrough();
    const now = state();
    readers.add(reader);
    request.raw.on("close", () => readers.delete(reader));
    broadcast([reader], LIVE.now, liveNow(now));
    broadcast([reader], LIVE.curves, await liveCurves(now));
    reply.type("text/event-stream");
    return reply.send(reader);
  });
  return app;
}

/** A server-sent event (WHATWG HTML, section 9.2): its data is JSON, which has no line breaks. */
function broadcast(readers: Iterable<PassThrough>, event: string, html: string): void {
  for (const reader of readers) reader.write(`event: ${event}\ndata: ${JSON.stringify(html)}\n\n`);
}
