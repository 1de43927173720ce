import type { DataReport } from "./data-report.ts";
import { BEFORE } from "./leaks.ts";

/** Above it, a class with few pictures needs weights or more of them. */
const MOST_IMBALANCE = 3;

/** What of a data set must be known or mended, a sentence each; none when all is well. */
export function findings(report: DataReport): string[] {
  const { count, labels, splits, corrupt, leaks, conflicts, imbalance, groups } = report;
  const found: string[] = [];
  const say = (holds: boolean, text: () => string): void => {
    if (holds) found.push(text());
  };
  for (const { split, identical, near } of leaks) {
    const all = splits.find((each) => each.split === split)?.count ?? 0;
    const kinds = [
      ...(identical > 0 ? [`${identical} ${are(identical)} also in ${BEFORE[split]}`] : []),
      ...(near > 0 ? [`${near} ${near === 1 ? "looks" : "look"} like one in ${BEFORE[split]}`] : []),
    ];
    found.push(`Of ${all} ${split} pictures ${kinds.join(", ")}: a model may know them by heart.`);
  }
  const certain = conflicts.filter(({ identical }) => identical).length;
  say(certain > 0, () => `${pictures(certain)} there several times, with different labels.`);
  const likely = conflicts.length - certain;
  say(likely > 0, () => `${sets(likely)} of pictures that look alike ${likely === 1 ? "has" : "have"} several labels.`);
  say(corrupt.length > 0, () => `${corrupt.length} of ${count + corrupt.length} pictures can't be decoded.`);
  const train = splits.find(({ split }) => split === "train");
  const missing = labels.filter((_, k) => train?.perClass[k] === 0);
  say(missing.length > 0, () => `No training picture shows ${missing.join(", ")}.`);
  say(
    imbalance !== null && imbalance > MOST_IMBALANCE,
    () => `The largest class has ${imbalance?.toFixed(1)} times as many training pictures as the smallest.`,
  );
  const split = groups?.split.length ?? 0;
  say(split > 0, () => `${split} of ${groups?.count} groups are in several splits.`);
  return found;
}

const pictures = (count: number): string => (count === 1 ? "One picture is" : `${count} pictures are`);
const sets = (count: number): string => (count === 1 ? "One set" : `${count} sets`);
const are = (count: number): string => (count === 1 ? "is" : "are");
