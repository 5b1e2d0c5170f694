// Bundles each page's script and style into graph/views/bundles, with the licences of what is inside.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";
import { leanVisNetwork } from "./vis_network.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "bundles");

const { metafile, outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["explorer", "table", "matrix", "place_map"].map((page) => `src/pages/${page}.tsx`),
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  plugins: [leanVisNetwork],
  // Names that libraries keep to themselves.
  mangleProps: /^_[a-zA-Z]/,
  metafile: true,
  write: false,
});

for (const { path, text: bundled } of outputFiles) {
  const text = path.endsWith(".js")
    ? (await minify(bundled, { ecma: 2020, toplevel: true, compress: { passes: 3 } })).code
    : bundled;
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${path} would end its own element`);
  writeFileSync(path, text);
}

const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []),
);
const licences = [...packages].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version} (${license})\n\n${licenceText(folder).trim()}\n`;
});
writeFileSync(
  join(out, "LICENSES.txt"),
  `The scripts of the pages contain these packages.\n\n${licences.join(`\n${"-".repeat(72)}\n\n`)}`,
);

function licenceText(folder) {
  for (const name of ["LICENSE-MIT", "LICENSE-MIT.txt", "LICENSE", "LICENSE.md", "LICENSE.txt", "license", "LICENCE"]) {
    try {
      return readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
    } catch {}
  }
  throw new Error(`${folder} has no licence text`);
}
