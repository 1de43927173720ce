import { type Html, html } from "./html.ts";
import { style } from "./style.ts";

/** A whole page that loads nothing but what it says itself; `script` runs in it. */
export function page(title: string, main: Html, script?: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
${main}
</main>
${script ? html`<script>${script}</script>\n` : ""}</body>
</html>
`.text;
}
