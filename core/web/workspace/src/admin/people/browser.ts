/** "Firefox 149 on Linux", out of what a browser says of itself; what is not known stays as it is. */

/** In this order: most browsers also claim to be those below them. */
const BROWSERS: [RegExp, string][] = [
  [/Edg(?:A|iOS)?\/(\d+)/, "Edge"],
  [/OPR\/(\d+)/, "Opera"],
  [/(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/(?:HeadlessChrome|Chrome|CriOS|Chromium)\/(\d+)/, "Chrome"],
  [/Version\/(\d+).*Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux|X11/, "Linux"],
];

export function browserName(
  said: string | null,
  on: (browser: string, system: string) => string,
): string | null {
  if (!said) return null;
  const browser = BROWSERS.flatMap(([mark, name]) => {
    const version = mark.exec(said)?.[1];
    return version ? [`${name} ${version}`] : [];
  })[0];
  const system = SYSTEMS.find(([mark]) => mark.test(said))?.[1];
  if (!browser) return said;
  return system ? on(browser, system) : browser;
}
