import { Html } from "./html.ts";

/** The reports' own style: follows the reader's light or dark setting, loads nothing. */
export const style = new Html(`
:root { color-scheme: light dark; --train: light-dark(#1a5fd0, #7ab8ff); --val: light-dark(#b33a08, #ffa869);
  --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 5%, transparent);
  --quiet: light-dark(#555, #aaa); }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: light-dark(#fff, #131416);
  color: light-dark(#1b1c1e, #e8e8ea); }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.2rem; }
p { margin: .4rem 0; }
.result strong { font-size: 1.6rem; }
.quiet { color: var(--quiet); max-width: 60rem; }
.train { color: var(--train); }
.val { color: var(--val); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .6rem; margin: 1rem 0 0; }
.tiles div { padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--soft); }
.tiles dt { font-size: .8rem; color: var(--quiet); }
.tiles dd { margin: 0; font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
.charts svg { width: 100%; max-width: 27rem; height: auto; background: none; overflow: visible; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 0 2rem; align-items: start; }
.pair > * { min-width: 0; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 2px solid var(--train); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .25rem; white-space: nowrap; color: var(--quiet); font-size: .9rem; }
th, td { padding: .25rem .6rem; text-align: right; border: 1px solid var(--line); }
th { font-weight: 600; }
thead th { background: var(--soft); }
.facts th, .facts td { text-align: left; overflow-wrap: anywhere; vertical-align: top; }
.facts { width: 100%; max-width: 60rem; }
.facts th { width: 18rem; }
.share { min-width: 6rem; padding-bottom: .5rem; background: linear-gradient(to right, color-mix(in srgb, var(--train) 60%, transparent) var(--share), transparent var(--share)) 0 100% / 100% .25rem no-repeat; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1.25rem 1rem; }
figure { margin: 0; }
.mistake { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .25rem .4rem; max-width: 26rem; }
.mistake img { width: 100%; border-radius: .25rem; display: block; }
.mistake figcaption { grid-column: 1 / -1; line-height: 1.35; }
.mistake small { color: var(--quiet); }
.sets { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem 2rem; }
.sets h3 { margin: 0; font-size: .9rem; color: var(--quiet); font-weight: 600; }
.set { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.5rem, 1fr)); gap: .4rem; }
.set img { width: 100%; border-radius: .25rem; display: block; }
.set figcaption { font-size: .8rem; overflow-wrap: anywhere; }
.sheet { max-width: 100%; min-width: 32rem; display: block; }
summary { cursor: pointer; }
details .wide { max-height: 44rem; overflow: auto; border: 1px solid var(--line); margin-top: .5rem; }
.hit { background: color-mix(in srgb, var(--train) calc(var(--share) * .5), transparent); }
.miss { background: color-mix(in srgb, var(--val) calc(var(--share) * .6), transparent); }
progress { width: 100%; height: 1rem; accent-color: var(--train); }
@media (max-width: 40rem) { body { padding-top: 1rem; } th, td { padding: .2rem .38rem; font-size: .9rem; } .share { min-width: 4rem; padding-bottom: .4rem; } .facts th { width: 42%; } }
@media print { details .wide { max-height: none; } }
`);
