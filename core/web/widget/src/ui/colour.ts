/** Colours of the business made readable: whatever an admin picks, text on it or in it keeps the contrast of WCAG 2.2 AA. */

export type Rgb = readonly [number, number, number];

/** The contrast that text needs. */
export const READABLE = 4.5;

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [20, 22, 26];
const BLACK: Rgb = [0, 0, 0];

/** `65758e`, `#65758e` or `678` as red, green and blue; null when it is none of them. */
export function parseColour(hex: string): Rgb | null {
  const digits = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(hex)?.[1];
  if (!digits) return null;
  const wide = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  return [0, 2, 4].map((at) => Number.parseInt(wide.slice(at, at + 2), 16)) as unknown as Rgb;
}

export function toHex(rgb: Rgb): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance, 0 to 1, as WCAG defines it. */
export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** White, ink or black: the first that can be read on `ground`. One of white and black always can. */
export function foreground(ground: Rgb): Rgb {
  return [WHITE, INK].find((colour) => contrast(colour, ground) >= READABLE) ?? BLACK;
}

/** `colour` moved towards black or white, in small steps, until it can be read on `ground`. */
export function readableOn(ground: Rgb, colour: Rgb, needed: number = READABLE): Rgb {
  const towards = contrast(WHITE, ground) > contrast(BLACK, ground) ? WHITE : BLACK;
  for (let step = 0; step <= 20; step++) {
    const mixed = mix(colour, towards, step / 20);
    if (contrast(mixed, ground) >= needed) return mixed;
  }
  return towards;
}

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return a.map((part, i) => Math.round(part + ((b[i] as number) - part) * share)) as unknown as Rgb;
}

/** The grounds that texts in the action colour stand on; the style sheet's `--ground` and `--raised` are the same. */
const GROUNDS = {
  light: [WHITE, [242, 243, 246]],
  dark: [
    [22, 24, 29],
    [38, 42, 50],
  ],
} as const satisfies Record<string, readonly [Rgb, Rgb]>;
const FALLBACK: Rgb = [63, 81, 181];

/** The custom properties that the style sheet builds on. */
export function palette(
  config: { brandColor: string; conversationColor: string; actionColor: string } | null,
  theme: "light" | "dark",
): Record<string, string> {
  const [ground, raised] = GROUNDS[theme];
  // Before the settings are known the bar is grey: a colour that changes at once would look like a fault.
  const [brand, bubble, action] = [config?.brandColor, config?.conversationColor, config?.actionColor].map(
    (hex) => parseColour(hex ?? "") ?? (config ? FALLBACK : raised),
  ) as [Rgb, Rgb, Rgb];
  // The raised ground is the harder one of the two in both themes, except for the one next to the text: ask for both.
  const text = readableOn(ground, readableOn(raised, action));
  // A filled button must stand out from the ground as well (3 : 1 for parts that are not text).
  const fill = readableOn(ground, action, 3);
  // A colour that is nearly the ground's own gets a rim, so that the bubble and the bar keep a shape.
  const rim = (colour: Rgb) =>
    contrast(colour, ground) < 1.3 ? toHex(mix(colour, foreground(colour), 0.22)) : "transparent";
  return {
    "--brand": toHex(brand),
    "--brand-edge": rim(brand),
    "--bubble-edge": rim(bubble),
    "--on-brand": toHex(foreground(brand)),
    "--bubble": toHex(bubble),
    "--on-bubble": toHex(foreground(bubble)),
    "--action": toHex(text),
    "--fill": toHex(fill),
    "--on-fill": toHex(foreground(fill)),
  };
}
