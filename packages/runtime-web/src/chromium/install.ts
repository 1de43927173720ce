import { execFile } from "node:child_process";
import { mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ResonnxError, reasonOf } from "@resonnx/base";

/** An unpacked Chromium and the software GPU that comes with it. */
export interface ChromiumFiles {
  readonly executable: string;
  /** Environment that the executable needs on machines without libnss3 and the like. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of `libvulkan.so.1`, the Vulkan loader. */
  readonly vulkanFolder: string;
  /** Vulkan driver manifest of SwiftShader, for VK_DRIVER_FILES. */
  readonly swiftshaderManifest: string;
}

const WHERE = "Chromium";

let installed: Promise<ChromiumFiles> | undefined;

/**
 * Unpacks the Chromium of the npm package `@sparticuz/chromium` once per version and user (2 s), into the system's
 * temporary folder. Throws `unavailable` where that package or the platform is missing.
 */
export function installChromium(): Promise<ChromiumFiles> {
  installed ??= install();
  return installed;
}

async function install(): Promise<ChromiumFiles> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    const got = `${process.platform}-${process.arch}`;
    throw new ResonnxError("unavailable", {
      where: WHERE,
      what: "its npm package has no build for this machine",
      got,
      wanted: "linux-x64",
    });
  }
  const { username, uid } = userInfo();
  const folder = join(tmpdir(), `resonnx-chromium-${await packageVersion()}-${uid < 0 ? username : uid}`);
  if (!(await isOurs(folder, uid))) await unpackInto(folder);
  return {
    executable: join(folder, "chromium"),
    env: { LD_LIBRARY_PATH: join(folder, "al2023", "lib"), FONTCONFIG_PATH: join(folder, "fonts") },
    vulkanFolder: folder,
    swiftshaderManifest: join(folder, "vk_swiftshader_icd.json"),
  };
}

async function packageVersion(): Promise<string> {
  try {
    const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium"); // build/cjs/index.cjs
    const { version } = JSON.parse(await readFile(join(dirname(entry), "../../package.json"), "utf8"));
    return String(version);
  } catch (cause) {
    const hint = "npm install @sparticuz/chromium@147 playwright-core";
    throw new ResonnxError("unavailable", { where: WHERE, what: "@sparticuz/chromium is not installed", hint, cause });
  }
}

/** The temporary folder is shared: what another user put there is not run. */
async function isOurs(folder: string, uid: number): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  if (found !== null && found.uid !== Math.max(uid, 0)) {
    throw new ResonnxError("unavailable", {
      where: folder,
      what: "belongs to another user",
      got: `uid ${found.uid}`,
      wanted: `uid ${uid}`,
    });
  }
  return found !== null;
}

/** Unpacks beside and renames, so that a folder with the final name is whole, whoever else unpacks at the same time. */
async function unpackInto(folder: string): Promise<void> {
  const beside = await mkdtemp(`${folder}-`);
  try {
    const script = fileURLToPath(new URL("../../dist/chromium/extract-main.js", import.meta.url));
    const env = { ...process.env, TMPDIR: beside, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" };
    await promisify(execFile)(process.execPath, [script], { env });
    await rename(beside, folder);
  } catch (cause) {
    await rm(beside, { recursive: true, force: true });
    if (await stat(folder).catch(() => null)) return; // another process was first
    throw new ResonnxError("unavailable", { where: WHERE, what: `could not be unpacked: ${reasonOf(cause)}`, cause });
  }
}
