import { describe, expect, it } from "vitest";
import { contrast, foreground, palette, parseColour, type Rgb, readableOn, toHex } from "../../src/ui/colour";

const rgb = (hex: string) => parseColour(hex) as Rgb;

describe("colours", () => {
  it.each([
    ["65758e", [101, 117, 142]],
    ["#FFF", [255, 255, 255]],
    ["0a0", [0, 170, 0]],
    ["red", null],
    ["12345", null],
    ["", null],
    ["65758e;x", null],
  ])("reads %j", (hex, expected) => expect(parseColour(hex as string)).toEqual(expected));
  it.each([
    ["000000", "ffffff", 21],
    ["ffffff", "ffffff", 1],
    ["767676", "ffffff", 4.54],
    ["ff0000", "ffffff", 4.0],
    ["0000ff", "ffffff", 8.59],
  ])("the contrast of %s and %s is %d", (a, b, expected) =>
    expect(contrast(rgb(a as string), rgb(b as string))).toBeCloseTo(expected as number, 1),
  );

  it("can be read whatever the admin picks, in both themes", () => {
    const steps = [0, 36, 73, 109, 128, 146, 182, 219, 255];
    for (const r of steps)
      for (const g of steps)
        for (const b of steps) {
          const hex = toHex([r, g, b]).slice(1);
          expect(contrast(foreground([r, g, b]), [r, g, b])).toBeGreaterThanOrEqual(4.5);
          for (const [theme, grounds] of [
            ["light", ["ffffff", "f2f3f6"]],
            ["dark", ["16181d", "262a32"]],
          ] as const) {
            const colours = palette({ brandColor: hex, conversationColor: hex, actionColor: hex }, theme);
            const at = (name: string) => rgb(colours[name] as string);
            for (const ground of grounds)
              expect(
                contrast(at("--action"), rgb(ground)),
                `${hex} ${theme} ${ground}`,
              ).toBeGreaterThanOrEqual(4.5);
            expect(contrast(at("--on-brand"), at("--brand"))).toBeGreaterThanOrEqual(4.5);
            expect(contrast(at("--on-bubble"), at("--bubble"))).toBeGreaterThanOrEqual(4.5);
            expect(contrast(at("--on-fill"), at("--fill"))).toBeGreaterThanOrEqual(4.5);
            expect(contrast(at("--fill"), rgb(grounds[0]))).toBeGreaterThanOrEqual(3);
          }
        }
  });
  it("leaves a colour alone that can be read already", () =>
    expect(toHex(readableOn([255, 255, 255], rgb("2f6690")))).toBe("#2f6690"));
});
