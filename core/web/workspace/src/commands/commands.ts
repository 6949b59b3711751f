/** What can be done now, and by which keys. Pages add their commands while they are on the screen. */
import { useEffect, useRef } from "react";
import { create } from "zustand";
import type { TextKey } from "../i18n";
import type { IconName } from "../ui";

export type Section = "shortcutsGeneral" | "shortcutsView" | "shortcutsTicket" | "shortcutsComposer";

export interface Command {
  id: string;
  name: TextKey;
  section: Section;
  icon?: IconName;
  /** As told in `keymap.ts`. */
  keys?: string;
  /** Only told in the list of shortcuts: a part of the page deals with the keys itself. */
  listedOnly?: boolean;
  run(): void;
}

export const useCommandList = create<{ groups: readonly (readonly Command[])[] }>(() => ({ groups: [] }));

/** Offers commands for as long as a component is drawn. What they do is always what was drawn last. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const names = commands.map((command) => command.id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same commands keep their place.
  useEffect(() => {
    const group = commands.map((command) => ({
      ...command,
      run: () => latest.current.find((other) => other.id === command.id)?.run(),
    }));
    useCommandList.setState(({ groups }) => ({ groups: [...groups, group] }));
    return () =>
      useCommandList.setState(({ groups }) => ({ groups: groups.filter((other) => other !== group) }));
  }, [names]);
}

export function allCommands(): Command[] {
  return useCommandList.getState().groups.flat();
}

export function runCommand(id: string): void {
  allCommands()
    .find((command) => command.id === id)
    ?.run();
}
