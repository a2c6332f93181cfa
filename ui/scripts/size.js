// Fails when the bundle outgrows its budget. Everything counts, lazily loaded parts too.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KIB = 150;
const root = fileURLToPath(new URL("../dist/", import.meta.url));
const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const sizes = files
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: path.slice(root.length), bytes: gzipSync(readFileSync(path), { level: 9 }).length }))
  .sort((a, b) => b.bytes - a.bytes);
const total = sizes.reduce((sum, file) => sum + file.bytes, 0) / 1024;
for (const { path, bytes } of sizes) console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KiB  ${path}`);
console.log(`${total.toFixed(1).padStart(7)} KiB  gzipped in total, of ${BUDGET_KIB}`);
if (total > BUDGET_KIB) {
  console.error(`the bundle is ${(total - BUDGET_KIB).toFixed(1)} KiB over its budget`);
  process.exitCode = 1;
}
