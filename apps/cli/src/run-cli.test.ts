import { expect, test } from "vitest";
import { type Command, command } from "./command/command.ts";
import { choices, flag, given, integer, optional, positive, texts } from "./command/option.ts";
import { commands } from "./commands/index.ts";
import { runCli } from "./run-cli.ts";
import { resonnx } from "./testing/resonnx.ts";

/** One command that prints what it got. */
async function echo(argv: readonly string[], run?: Command["run"]) {
  const definition = command({
    arguments: [{ name: "thing", about: "things", many: true }],
    options: {
      count: integer(3, "how many", { least: 1, most: 9 }),
      batchSize: optional(integer(32, "pictures")),
      rate: positive(0.5, "speed"),
      optimize: flag("leave it", { fallback: true }),
      joinVal: flag("more"),
      colours: choices(["red", "green"], "which"),
      file: { ...texts("name=file", "files"), required: undefined as never },
    },
    examples: ["echo a b"],
    run: async ({ args, options, at, io }) => {
      io.out(JSON.stringify({ args, options: given(options), path: at("x") }));
      return "done";
    },
  });
  const lines: string[] = [];
  const io = {
    interactive: false,
    out: (text: string) => void lines.push(text),
    err: (text: string) => void lines.push(text),
    status: () => undefined,
  };
  const load = async (): Promise<Command> => ({ ...definition, ...(run && { run }) });
  const entries = [{ name: "echo", summary: "says what it got", load }];
  const code = await runCli(argv, {
    entries,
    version: "1.2.3",
    io,
    signal: new AbortController().signal,
    folder: "/home/me",
  });
  return { code, text: lines.join("\n") };
}

test("options have their defaults", async () => {
  const { code, text } = await echo(["echo", "a", "b"]);
  expect(JSON.parse(text)).toEqual({
    args: ["a", "b"],
    options: { count: 3, rate: 0.5, optimize: true, joinVal: false },
    path: "/home/me/x",
  });
  expect(code).toBe(0);
});

test("options are read by their dashed names", async () => {
  const line =
    "echo a --count 9 --batch-size 8 --rate 1e-3 --no-optimize --join-val --colours green,red --file a=b c=d --file e=f";
  const { text } = await echo(line.split(" "));
  expect(JSON.parse(text).options).toEqual({
    count: 9,
    batchSize: 8,
    rate: 0.001,
    optimize: false,
    joinVal: true,
    colours: ["green", "red"],
    file: ["a=b", "c=d", "e=f"],
  });
});

test.each([
  ["echo", /missing required argument 'thing'/],
  ["echo a --count 10", /--count: not usable \(got 10, wanted a whole number, 1 to 9\)/],
  ["echo a --count 1.5", /--count/],
  ["echo a --count", /argument missing/],
  ["echo a --rate 0", /--rate: not usable \(got 0, wanted a number above 0\)/],
  ["echo a --rate fast", /got fast/],
  ["echo a --colours red,pink", /--colours: unknown \(got pink, wanted red, green\)/],
  ["echo a --batchsize 8", /unknown option '--batchsize' \(Did you mean --batch-size\?\)/],
  ["ecko", /unknown command 'ecko' \(Did you mean echo\?\)/],
])("%s is refused in one line", async (line, message) => {
  const { code, text } = await echo(line.split(" "));
  expect({ code, lines: text.split("\n").length }).toEqual({ code: 2, lines: 1 });
  expect(text).toMatch(message);
});

test.each([
  [async () => "failed" as const, 1, /^$/],
  [
    async () => {
      throw new Error("our bug");
    },
    70,
    /^Error: our bug\n +at /,
  ],
])("what the command says decides the exit code", async (run, code, text) => {
  const ended = await echo(["echo", "a"], run);
  expect(ended.code).toBe(code);
  expect(ended.text).toMatch(text);
});

test("--help lists every command; no command is a mistake", async () => {
  const help = await resonnx(["--help"]);
  for (const { name } of commands) expect(help.out).toContain(`\n  ${name} `);
  expect(help.code).toBe(0);
  expect(await resonnx([])).toMatchObject({ code: 2, out: "", err: help.out });
});

test("--version", async () => expect(await resonnx(["--version"])).toEqual({ code: 0, out: "1.2.3", err: "" }));

test.each(commands.map(({ name }) => name))("%s --help has options and examples", async (name) => {
  const { code, out } = await resonnx([name, "--help"]);
  expect(out).toMatch(new RegExp(`^Usage: resonnx ${name}`));
  expect(out).toContain(`\nExamples:\n  resonnx ${name}`);
  const [text] = out.split("\nExamples:");
  expect(text!.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(code).toBe(0);
});
