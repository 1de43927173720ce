/**
 * Child process of `install.ts`: unpacks the Chromium of `@sparticuz/chromium` into the temporary folder, which the
 * parent sets by TMPDIR. In a process of its own because that package reads TMPDIR and rewrites LD_LIBRARY_PATH.
 */
const { default: chromium } = await import("@sparticuz/chromium");
await chromium.executablePath();

export {};
