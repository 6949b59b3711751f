/** From keys to commands: pure rules. Keys are written `r`, `shift+a`, `mod+k`, `alt+1`, or as a sequence `g v`. */

export interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** A stroke as it is compared: letters and digits by their place when Alt turns them into other signs. */
export function strokeOf(event: Pressed): string {
  const key = event.altKey ? byPlace(event.code, event.key) : event.key;
  const named = key.toLowerCase();
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  // The shift of `?` is part of the sign; the shift of a letter is a key of its own.
  if (event.shiftKey && (/^[a-z]$/.test(named) || named.length > 1)) parts.push("shift");
  return [...parts, named].join("+");
}

function byPlace(code: string, key: string): string {
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? key;
}

export type Match = { kind: "command"; id: string } | { kind: "pending"; strokes: string } | { kind: "none" };

/** What a stroke means after those that are pending. A sequence that leads nowhere begins anew with its last stroke. */
export function matchKeys(bindings: ReadonlyMap<string, string>, pending: string, stroke: string): Match {
  const whole = pending ? `${pending} ${stroke}` : stroke;
  const id = bindings.get(whole);
  if (id) return { kind: "command", id };
  for (const keys of bindings.keys())
    if (keys.startsWith(`${whole} `)) return { kind: "pending", strokes: whole };
  return pending ? matchKeys(bindings, "", stroke) : { kind: "none" };
}

/** Strokes that also count while somebody writes: they would not write anything themselves. */
export function worksWhileWriting(stroke: string): boolean {
  return stroke.startsWith("mod+") || stroke.startsWith("alt+") || /^f\d+$/.test(stroke);
}
