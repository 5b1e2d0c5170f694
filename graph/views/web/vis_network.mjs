// vis-network without what the page never uses. It is one file whose parts all hang on the constructor of Network, so
// that a bundler cannot leave any out: here their declarations are replaced. Two fifths of its size.
import { readFile } from "node:fs/promises";

const REPLACED = {
  // Groups are ours, as data.
  ClusterEngine:
    "class ClusterEngine { _isClusteredNode() { return false; } _isClusteredEdge() { return false; } _updateState() {} }",
  // Nobody edits the graph in the page.
  ManipulationSystem: "class ManipulationSystem { options = {}; setOptions() {} }",
  // Places come from Python.
  LayoutEngine: "class LayoutEngine { options = {}; setOptions(_, all) { return all; } positionInitially() {} }",
  KamadaKawai: "class KamadaKawai {}",
  // One solver shakes the picture, and its lines bend without help.
  HierarchicalSpringSolver: "class HierarchicalSpringSolver {}",
  HierarchicalRepulsionSolver: "class HierarchicalRepulsionSolver {}",
  RepulsionSolver: "class RepulsionSolver {}",
  ForceAtlas2BasedRepulsionSolver: "class ForceAtlas2BasedRepulsionSolver {}",
  ForceAtlas2BasedCentralGravitySolver: "class ForceAtlas2BasedCentralGravitySolver {}",
  BezierEdgeDynamic: "class BezierEdgeDynamic {}",
  // The picture has its own buttons and keys.
  NavigationHandler: "class NavigationHandler { setOptions() {} }",
  DOTToGraph: "function DOTToGraph() {}",
  parseGephi: "function parseGephi() {}",
  // The words of buttons that are not there.
  ...Object.fromEntries(
    ["cn", "cs", "de", "en", "es", "fr", "it", "nl", "pt", "ru", "uk"].map((language) => [
      language,
      `const ${language} = {};`,
    ]),
  ),
  // What options there are: only for the form of options and the check of their names.
  allOptions: "const allOptions = {};",
  configureOptions: "const configureOptions = {};",
};

/** What vis-network takes from other packages, and where it is. */
const TAKEN = {
  "vis-util/esnext/esm/vis-util.js": "./src/picture/vis_util.ts",
  "@egjs/hammerjs": "./src/picture/gestures.ts",
};

/** The plugin of esbuild. */
export const leanVisNetwork = {
  name: "lean-vis-network",
  setup(build) {
    build.initialOptions.alias = TAKEN;
    // Only things without a name of their own need such a one, and ours all have one.
    build.onResolve({ filter: /^uuid$/ }, ({ path }) => ({ path, namespace: "none" }));
    build.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "export const v4 = () => {};" }));
    build.onLoad({ filter: /vis-network\.mjs$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [name, replacement] of Object.entries(REPLACED)) {
        // Declarations at the top end with a line of their own.
        const declaration = new RegExp(`^(class|function|const) ${name}\\b[^]*?\\n};?\\n`, "gm");
        const found = contents.match(declaration);
        if (found?.length !== 1) throw new Error(`vis-network declares ${name} ${found?.length ?? 0} times, not once`);
        contents = contents.replace(declaration, () => `${replacement}\n`);
      }
      return { contents, loader: "js" };
    });
  },
};
