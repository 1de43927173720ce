import { Html } from "./html.ts";

/** Observable Plot, which only charts need, and a document for it to draw in. */
export async function drawing() {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  return { Plot, document: parseHTML("<!doctype html><html><body></body></html>").document };
}

/** A drawing as a picture with these words for those who don't see it. */
export function picture(svg: Element, words: string): Html {
  // Plot labels its groups, which no reader reaches inside a picture and ARIA forbids there.
  for (const part of svg.querySelectorAll("[aria-label]")) {
    part.setAttribute("data-mark", part.getAttribute("aria-label") ?? "");
    part.removeAttribute("aria-label");
  }
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", words);
  return new Html(svg.outerHTML);
}
