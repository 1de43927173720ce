import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** What the packages may import and do: design.md, section 1. Every rule here is a prohibition; the tables are its words. */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const TOP_LEVEL = [
  ...["package.json", "pnpm-workspace.yaml", "turbo.json", "packages", "apps", "tsconfig.base.json", "README.md"],
  ...["pnpm-lock.yaml", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"],
];
/** Left by installs and runs; git ignores them. */
const NOT_TRACKED = ["node_modules", "runs", "dist"];

/** The arrows between our packages; an app may point to any package, and the CLI to the server. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  onnx: ["base"],
  keras: ["base"],
  export: ["base", "onnx", "keras"],
  core: ["base", "onnx", "keras", "export"],
  runtime: ["base"],
  "runtime-node": ["base", "runtime"],
  "runtime-web": ["base", "runtime"],
  parity: ["base", "onnx", "runtime"],
};
const APPS = ["cli", "server", "web"];

/** Nothing of any platform. */
const PURE = ["base", "onnx", "parity", "runtime"];
/** Platform parts in src/platform alone. */
const TWO_ENTRIES = ["core", "keras", "export"];
const PLATFORM = /^(node:|sharp$|h5wasm|onnxruntime-(node|web)|@tensorflow\/tfjs-node)/;

/** Files besides main.ts that touch the process, and why. */
const TOUCH_PROCESS: Readonly<Record<string, string>> = {
  "apps/cli/src/backends/node-child.ts": "hands its environment to a child process",
  "apps/cli/src/backends/ort-node-webgpu.ts": "asks whether the environment names a Vulkan driver",
  "packages/runtime-web/src/chromium/install.ts": "hands its environment to a child process",
  "packages/runtime-web/src/chromium/launch.ts": "hands its environment to Chromium",
};

interface Source {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly { readonly from: string; readonly typeOnly: boolean; readonly lazy: boolean }[];
}

interface Package {
  readonly name: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  readonly sources: readonly Source[];
  readonly tests: readonly Source[];
}

const packages = ["packages", "apps"].flatMap((kind) =>
  readdirSync(join(ROOT, kind)).map((name) => readPackage(kind, name)),
);

describe("the repository", () => {
  test("has nothing else at its top", () => {
    const found = readdirSync(ROOT).filter((name) => !name.startsWith(".") && !NOT_TRACKED.includes(name));
    expect(found.filter((name) => !TOP_LEVEL.includes(name))).toEqual([]);
  });

  test("has the packages of the design", () => {
    expect(packages.map(({ name }) => name).sort()).toEqual([...Object.keys(ARROWS), ...APPS].sort());
  });

  test("prints, exits and reads the environment in main.ts alone", () => {
    const touching = /\bprocess\.(env|exit|exitCode|stdout|stderr)\b|\bconsole\.\w+/;
    const found = packages.flatMap(({ sources }) => sources).filter(({ text }) => touching.test(withoutComments(text)));
    const guilty = found
      .map(({ path }) => path)
      .filter((path) => !path.endsWith("/main.ts") && !(path in TOUCH_PROCESS));
    expect(guilty).toEqual([]);
    expect(Object.keys(TOUCH_PROCESS).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

const named = (names: readonly string[]): Package[] => packages.filter(({ name }) => names.includes(name));

test.each(packages)("$name imports what it declares", ({ dependencies, devDependencies, sources, tests }) => {
  expect(undeclared(sources, dependencies)).toEqual([]);
  expect(undeclared(tests, [...dependencies, ...devDependencies, "vitest"])).toEqual([]);
});

test.each(named(Object.keys(ARROWS)))("$name points where the arrows do", ({ name, dependencies }) => {
  const allowed = [name, ...ARROWS[name]!].map((other) => `@resonnx/${other}`);
  expect(dependencies.filter((other) => other.startsWith("@resonnx/") && !allowed.includes(other))).toEqual([]);
});

test.each(named(PURE))("$name knows no platform", ({ sources }) => {
  expect(importing(sources, PLATFORM)).toEqual([]);
});

test.each(named(TWO_ENTRIES))("$name keeps platform parts in src/platform", ({ folder, sources }) => {
  const shared = sources.filter(({ path }) => !path.startsWith(`${folder}/src/platform/`));
  expect(importing(shared, PLATFORM)).toEqual([]);
});

test.each(named(TWO_ENTRIES))("$name reaches nothing of Node from its browser entry", ({ folder, sources }) => {
  const reached = reachable(`${folder}/src/index.browser.ts`, sources);
  expect(reached.length).toBeGreaterThan(1);
  expect(reached.map(({ path }) => path).filter((path) => path.includes("/platform/node/"))).toEqual([]);
  expect(importing(reached, /^(node:|sharp$|onnxruntime-node|@tensorflow\/tfjs-node)/)).toEqual([]);
});

test("benchmarks and tools load what is built", () => {
  const scripts = packages.flatMap(({ folder }) =>
    ["bench", "tools"].flatMap((kind) => scriptsIn(`${folder}/${kind}`)),
  );
  const sourceOf = (path: string): string => path.replace("/dist/", "/src/").replace(/\.js$/, ".ts");
  const missing = scripts.flatMap(({ path, imports }) =>
    imports
      .map(({ from }) => join(dirname(path), from))
      .filter((file) => file.includes("/dist/") && !existsSync(join(ROOT, sourceOf(file))))
      .map((file) => `${path} -> ${file}`),
  );
  expect(missing).toEqual([]);
  expect(scripts.length).toBeGreaterThan(0);
});

/** What takes long to load; of core, its settings don't. */
const HEAVY =
  /^(@resonnx\/(core|export|keras|runtime-node|runtime-web|server)$|@tensorflow\/|onnxruntime-(node|web)|sharp$|fastify)/;
const [cli, core] = [named(["cli"])[0]!, named(["core"])[0]!];
const QUICK = [
  ...cli.sources.map(({ path }) => path).filter((path) => /\/src\/commands\/[^/]+$/.test(path)),
  `${core.folder}/src/settings.ts`,
];

test.each(QUICK)("%s loads nothing heavy at once: help comes quickly", (entry) => {
  const reached = reachable(entry, [...cli.sources, ...core.sources], { atOnce: true });
  const found = reached.flatMap(({ path, imports }) =>
    imports
      .filter(({ from, typeOnly, lazy }) => !typeOnly && !lazy && HEAVY.test(from))
      .map(({ from }) => `${path} -> ${from}`),
  );
  expect(found).toEqual([]);
});

function readPackage(kind: string, name: string): Package {
  const folder = `${kind}/${name}`;
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  const keys = (field: string): string[] => Object.keys(manifest[field] ?? {});
  const all = readdirSync(join(ROOT, folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.ts$/.test(path))
    .map((path) => readSource(`${folder}/src/${path}`));
  const isTest = ({ path }: Source): boolean => /\.test\.|\/testing\/|\/fixtures\//.test(path);
  return {
    name,
    folder,
    // A package's tests may import it by its own name.
    dependencies: [
      ...keys("dependencies"),
      ...keys("peerDependencies"),
      ...keys("optionalDependencies"),
      `@resonnx/${name}`,
    ],
    devDependencies: keys("devDependencies"),
    sources: all.filter((source) => !isTest(source)),
    tests: all.filter(isTest),
  };
}

function scriptsIn(folder: string): Source[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const scripts = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".mjs"));
  return scripts.map((name) => readSource(`${folder}/${name}`));
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), "utf8");
  const statements = [
    ...text.matchAll(/^import\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm),
    ...text.matchAll(/^export\s+(type\s)?[^"';=]*?\sfrom\s+"([^"]+)"/gm),
  ];
  const lazy = [...text.matchAll(/\bimport\("([^"]+)"\)/g)];
  return {
    path,
    text,
    imports: [
      ...statements.map(([, type, from]) => ({ from: from!, typeOnly: type !== undefined, lazy: false })),
      ...lazy.map(([, from]) => ({ from: from!, typeOnly: false, lazy: true })),
    ],
  };
}

/** `file -> package` for what no package.json field names. */
function undeclared(files: readonly Source[], declared: readonly string[]): string[] {
  return files.flatMap(({ path, imports }) =>
    imports
      .map(({ from }) => packageOf(from))
      .filter((name) => name !== undefined && !declared.includes(name))
      .map((name) => `${path} -> ${name}`),
  );
}

/** `@scope/name/sub` -> `@scope/name`; undefined for files and Node's own. */
function packageOf(from: string): string | undefined {
  if (/^(\.|node:)/.test(from)) return undefined;
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

/** `file -> module` for imports of values that match; types leave no trace in what runs. */
function importing(files: readonly Source[], forbidden: RegExp): string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter(({ from, typeOnly }) => !typeOnly && forbidden.test(from)).map(({ from }) => `${path} -> ${from}`),
  );
}

/** The files of a package that its entry imports, directly or not; with `atOnce` those that are loaded with it. */
function reachable(entry: string, sources: readonly Source[], { atOnce = false } = {}): Source[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const found = new Set<Source>();
  const visit = (path: string): void => {
    const source = byPath.get(path);
    if (!source || found.has(source)) return;
    found.add(source);
    for (const { from, typeOnly, lazy } of source.imports) {
      if (from.startsWith(".") && !typeOnly && !(atOnce && lazy))
        visit(relative(ROOT, resolve(ROOT, dirname(path), from)));
    }
  };
  visit(entry);
  return [...found];
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
