import type { Command } from "../../commands/registry.svelte";
import { en } from "../../text/en";
import type { TriageBoard } from "./board.svelte";

/** What the keyboard can do on the triage board. */
export function triageCommands(
  view: TriageBoard,
  on: { find: () => void; step: (by: number, extend?: boolean) => void },
): Command[] {
  const group = en.frame.groups.triage;
  const { commands } = en.triage;
  const { board, session } = view;
  const some = () => board.order.length > 0;
  const active = () => board.cards.find((card) => card.id === view.active);
  return [
    { id: "triage-move", title: commands.move, group, keys: "m", when: some, run: () => view.ask(view.meant) },
    { id: "triage-find", title: commands.find, group, keys: "/", when: some, run: on.find },
    { id: "triage-next", title: commands.next, group, keys: "j", unlisted: true, when: some, run: () => on.step(1) },
    { id: "triage-previous", title: commands.previous, group, keys: "k", unlisted: true, when: some, run: () => on.step(-1) },
    {
      id: "triage-mark",
      title: commands.mark,
      group,
      keys: "x",
      unlisted: true,
      when: () => active() !== undefined,
      run: () => view.active !== null && view.toggle(view.active),
    },
    {
      id: "triage-open",
      title: commands.open,
      group,
      keys: "o",
      when: () => active() !== undefined,
      run: () => session.route.go("ticket", view.active),
    },
    { id: "triage-all", title: commands.all, group, keys: "mod+a", when: some, run: () => view.selectAll() },
    {
      id: "triage-none",
      title: commands.none,
      group,
      keys: "escape",
      when: () => board.selection.ids.size > 0,
      run: () => view.clear(),
    },
    {
      id: "triage-learn",
      title: commands.learn,
      group,
      run: () => {
        const on = !session.preferences.value.map_organization;
        session.prefer({ map_organization: on });
      },
    },
  ];
}
