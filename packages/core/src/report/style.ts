import { Html } from "./html.ts";

/** The report's own style: follows the reader's light or dark setting, loads nothing. */
export const style = new Html(`
:root { color-scheme: light dark; --train: light-dark(#1f6feb, #6cb0ff); --val: light-dark(#c2410c, #ff9d5c); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; }
.result strong { font-size: 1.6rem; }
.train { color: var(--train); }
.val { color: var(--val); }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; }
.charts svg { flex: 1 1 18rem; max-width: min(100%, 34rem); height: auto; background: none; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .25rem; white-space: nowrap; }
th, td { padding: .25rem .6rem; text-align: right; border: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
th { font-weight: 600; }
.facts th, .facts td { text-align: left; overflow-wrap: anywhere; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; }
.pictures figure { margin: 0; width: 8.5rem; font-size: .85rem; line-height: 1.3; }
.pictures img { width: 100%; border-radius: .25rem; }
.sheet { max-width: 100%; min-width: 32rem; }
summary { cursor: pointer; }
.hit { background: color-mix(in srgb, var(--train) calc(var(--share) * .6), transparent); }
.miss { background: color-mix(in srgb, var(--val) calc(var(--share) * .8), transparent); }
`);
