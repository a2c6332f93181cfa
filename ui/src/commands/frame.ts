import type { Theme } from "../ipc/bindings.gen";
import type { View } from "../state/route.svelte";
import type { Session } from "../state/session.svelte";
import { en } from "../text/en";
import { percent } from "../text/format";
import type { Command } from "./registry.svelte";

const PLACES: [View, string][] = [
  ["triage", "g t"],
  ["security", "g b"],
  ["organizations", "g o"],
  ["notices", "g n"],
  ["contacts", "g c"],
  ["email", "g e"],
  ["webhooks", "g w"],
  ["routing", "g r"],
  ["deliveries", "g d"],
  ["activity", "g a"],
  ["settings", "g s"],
];
const THEMES: Theme[] = ["system", "light", "dark"];

/** The commands that work in every view. */
export function frameCommands(session: Session, open: { palette: () => void; help: () => void }): Command[] {
  const { commands, groups } = en.frame;
  const zoom = (to: number) => {
    session.prefer({ zoom: to });
    session.announcer.say(en.frame.zoomed(percent(to)));
  };
  return [
    ...PLACES.map(([view, keys]) => ({
      id: `go-${view}`,
      title: commands.go(en.frame.nav[view]),
      group: groups.go,
      keys,
      run: () => session.route.go(view),
    })),
    {
      id: "back",
      title: commands.back,
      group: groups.go,
      keys: "escape",
      unlisted: true,
      when: () => session.route.place.view === "ticket",
      run: () => session.route.go(session.route.from),
    },
    { id: "poll", title: commands.poll, group: groups.desk, keys: "p", run: () => void session.poll() },
    { id: "undo", title: commands.undo, group: groups.triage, keys: "z", run: () => void session.undo() },
    { id: "palette", title: commands.palette, group: groups.help, keys: "mod+k", anywhere: true, unlisted: true, run: open.palette },
    { id: "help", title: commands.help, group: groups.help, keys: "?", run: open.help },
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      title: commands.theme[theme],
      group: groups.look,
      run: () => session.prefer({ theme }),
    })),
    { id: "zoom-in", title: commands.zoomIn, group: groups.look, keys: "mod+=", anywhere: true, run: () => zoom(session.preferences.zoomBy(1)) },
    { id: "zoom-out", title: commands.zoomOut, group: groups.look, keys: "mod+-", anywhere: true, run: () => zoom(session.preferences.zoomBy(-1)) },
    { id: "zoom-reset", title: commands.zoomReset, group: groups.look, keys: "mod+0", anywhere: true, run: () => zoom(1) },
  ];
}
