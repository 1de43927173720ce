import { expect, test } from "vitest";
import { MemoryBudget } from "./memory-budget.ts";

test("all that one file unpacks to counts together: 64 times its size, 64 MB always, 2 GB never more", () => {
  const refused = (budget: MemoryBudget, bytes: number) =>
    expect(() => budget.take(bytes, "the weight a", "m.h5")).toThrow(
      expect.objectContaining({ code: "bad-input", message: expect.stringContaining("m.h5: the weight a is larger") }),
    );
  const small = new MemoryBudget(1000);
  small.take(60 << 20, "the weight a", "m.h5");
  refused(small, 5 << 20);
  const middle = new MemoryBudget(10 << 20);
  middle.take(640 << 20, "the weight a", "m.h5");
  refused(middle, 1);
  refused(new MemoryBudget(2 ** 33), 2 ** 31 + 1);
  refused(new MemoryBudget(1000), 1e300);
});
