import { createHash } from "node:crypto";

/** What identical bytes have in common: their SHA-256, in base64. */
export const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");
