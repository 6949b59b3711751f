/** Listens to the keyboard for the whole page. */
import { useEffect } from "react";
import { flushSync } from "react-dom";
import { allCommands, runCommand } from "./commands";
import { matchKeys, strokeOf, worksWhileWriting } from "./keymap";

const SEQUENCE_MS = 1200;

export function useKeyboard(): void {
  useEffect(() => {
    let pending = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || /^(Control|Shift|Alt|Meta)$/.test(event.key)) return;
      const stroke = strokeOf(event);
      if (isBusy(event.target) && !worksWhileWriting(stroke)) return;
      const commands = allCommands().filter((command) => command.keys && !command.listedOnly);
      const bindings = new Map(commands.map((command) => [command.keys as string, command.id]));
      const match = matchKeys(bindings, pending, stroke);
      clearTimeout(timer);
      pending = match.kind === "pending" ? match.strokes : "";
      if (match.kind === "pending") {
        timer = setTimeout(() => {
          pending = "";
        }, SEQUENCE_MS);
      }
      if (match.kind === "none") return;
      event.preventDefault();
      // At once: what is typed next belongs to what the command brings.
      if (match.kind === "command") flushSync(() => runCommand(match.id));
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

/** Whether keys are wanted where the focus is: somebody writes, or a menu or dialog is open. */
function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]")) return true;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
