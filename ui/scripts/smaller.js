// Goes over the bundle once more: what the bundler's own minifier leaves is another fortieth.
import { minify } from "terser";

export function smaller() {
  return {
    name: "nightdesk-smaller",
    apply: "build",
    async generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const { code } = await minify(file.code, { module: true, ecma: 2020, compress: { ecma: 2020, passes: 4, keep_fargs: false, hoist_funs: true } });
        file.code = code ?? file.code;
      }
    },
  };
}
