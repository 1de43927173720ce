import type { Alike, Member } from "../data/alike.ts";
import { SPLIT_NAMES } from "../data/dataset.ts";
import { type Html, html } from "./html.ts";

/** A set of pictures that look alike, some of them to be seen. */
export interface ShownSet {
  readonly identical: boolean;
  /** Pictures in all. */
  readonly count: number;
  /** `picture` is a `data:` URL. */
  readonly pictures: readonly (Member & { readonly picture: string })[];
}

/** How much of long lists is shown. */
export interface SetLimits {
  readonly sets: number;
  /** Of each. */
  readonly pictures: number;
}

/** The first sets with some pictures of each, of all its splits; `thumbnail` gives a picture as a `data:` URL. */
export async function showSets(
  sets: readonly Alike[],
  limits: SetLimits,
  thumbnail: (picture: Member) => Promise<string>,
): Promise<ShownSet[]> {
  const shown: ShownSet[] = [];
  for (const { identical, pictures } of sets.slice(0, limits.sets)) {
    const some: ShownSet["pictures"][number][] = [];
    for (const member of splitsInTurn(pictures).slice(0, limits.pictures)) {
      some.push({ ...member, picture: await thumbnail(member) });
    }
    shown.push({ identical, count: pictures.length, pictures: some });
  }
  return shown;
}

/** The first of every split, then the second of each, and so on. */
function splitsInTurn(pictures: readonly Member[]): Member[] {
  const splits = SPLIT_NAMES.map((split) => pictures.filter((one) => one.split === split));
  const most = Math.max(...splits.map(({ length }) => length));
  return Array.from({ length: most }, (_, i) => splits.flatMap((own) => own.slice(i, i + 1))).flat();
}

/** The sets as pictures side by side. */
export const setFigures = (sets: readonly ShownSet[]): Html => html`<div class="sets">${sets.map(figureOf)}</div>`;

function figureOf({ identical, count, pictures }: ShownSet): Html {
  const shown = pictures.map(({ name, label, split, picture }) => {
    const words = `${name}: ${label}, ${split}`;
    return html`<figure><img src="${picture}" alt="${words}" title="${words}"><figcaption>${label}, ${split}</figcaption></figure>`;
  });
  const more = count > pictures.length ? `, ${pictures.length} of ${count}` : "";
  return html`<section><h3>${identical ? "identical" : "similar"}${more}</h3><div class="set">${shown}</div></section>\n`;
}
