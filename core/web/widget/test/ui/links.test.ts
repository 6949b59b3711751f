import { describe, expect, it } from "vitest";
import { clean, hiddenHost, safeLink, safeMedia, safeWebview, shownAddress } from "../../src/ui/links";

const followed = [
  "https://example.com", "http://example.com", "HTTPS://EXAMPLE.COM", "https://example.com/", "https://example.com/a/b?c=d#e",
  "https://example.com:8443/a", "https://sub.example.co.uk", "https://127.0.0.1/a", "https://[2001:db8::1]/a", "http://localhost:8080/a",
  "https://пример.com/", "https://例え.jp/路", "https://example.com/%20a", "https://example.com/a_(b)", "https://example.com/a;b,c=d",
  "https://example.com/?q=javascript:alert(1)", "https://example.com/#javascript:alert(1)", "https://example.com/a'b", "https://example.com/~a",
  "https://example.com/a+b", "mailto:a@example.com", "mailto:a@example.com?subject=Hello", "MAILTO:a@example.com", "tel:+33123456789", "TEL:112",
];
const refused = [
  "", " ", "example.com", "//example.com", "/a", "a", "#a", "?a", "https:", "https:/", "https://", "https:///", "https:example.com", "https:/example.com",
  "https:\\\\example.com", "https:/\\example.com", "http:\\example.com", "https://\\example.com", "https:///example.com", "https:////example.com",
  "javascript:alert(1)", "JAVASCRIPT:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "\tjavascript:alert(1)", "java\tscript:alert(1)",
  "java\nscript:alert(1)", "java\rscript:alert(1)", "\u0000javascript:alert(1)", "javascript\u0000:alert(1)", "\u0001javascript:alert(1)",
  "javascript&colon;alert(1)", "javascript&#58;alert(1)", "&#106;avascript:alert(1)", "javascript:%61lert(1)", "javascript://example.com/%0aalert(1)",
  "javascript:https://example.com", "jav\u00adascript:alert(1)", "\u200bjavascript:alert(1)", "\ufeffjavascript:alert(1)", "vbscript:msgbox(1)",
  "VBScript:x", "livescript:x", "mocha:x", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=", "data:,x", "DATA:x",
  "data:image/svg+xml,<svg onload=alert(1)>", "blob:https://example.com/x", "filesystem:https://example.com/x", "file:///etc/passwd", "FILE://x",
  "ftp://example.com", "ftps://example.com", "ws://example.com", "wss://example.com", "about:blank", "about:srcdoc", "chrome://settings", "edge://x",
  "view-source:https://example.com", "intent://x#Intent;end", "android-app://x", "market://x", "itms-apps://x", "ms-settings:x", "ms-msdt:/id x",
  "search-ms:query=x", "steam://run/1", "skype:x?call", "sms:+1", "facetime:x", "facetime-audio:x", "whatsapp://send", "tg://resolve", "slack://x",
  "zoommtg://x", "vscode://x", "ssh://x", "telnet://x", "gopher://x", "ldap://x", "jar:https://example.com!/x", "feed:https://example.com",
  "urn:isbn:1", "cid:x", "mid:x", "magnet:?xt=x", "bitcoin:x", "resource://x", "res://x", "moz-extension://x", "chrome-extension://x", "ms-its:x",
  "mhtml:https://example.com", "wyciwyg://x", "x-apple.systempreferences:x", "shell:x", "x:", ":", "::", "https", "http:", "mailto:", "tel:",
  "mailto://x", "tel:/x", "https://example.com/\u0000", "https://example.com/ a", "https://exa mple.com", "https://example.com/\n", "https://example.com/\t",
  "https://example.com/\u202egnp.exe", "https://example.com/\u2066a", "https://example.com/\u200ba", "https://exam\u00adple.com", "https://example.com/\u2028",
  'https://example.com/"onclick="x', "https://example.com/<script>", "https://example.com/`x`", "https://example.com/a\\b", "https://example.com/{x}", "https://example.com/a|b",
  "https://user@example.com", "https://user:pass@example.com", "https://bank.example@evil.example", "https://:x@example.com", "https://%", "https://a..b:99999",
  "https://example.com:99999", "https://[::1", `https://example.com/${"a".repeat(2048)}`, "https\u003A\u200b//example.com", "ｈｔｔｐｓ://example.com", "h\u0000ttps://example.com",
];

describe("which links are followed", () => {
  it("has a table of at least 100 addresses", () => expect(followed.length + refused.length).toBeGreaterThanOrEqual(120));
  it.each(followed)("follows %j", (address) => expect(safeLink(address)).toBeTruthy());
  it.each(refused)("does not follow %j", (address) => expect(safeLink(address)).toBeNull());
  it("gives what the browser will follow", () => expect(safeLink("HTTPS://EXAMPLE.com/a")).toBe("https://example.com/a"));
});

describe("pictures and files", () => {
  const base = "http://127.0.0.1:8080/widget/x/frame";
  it.each([
    ["https://example.com/a.png", "https://example.com/a.png"],
    ["/media/a.png", "http://127.0.0.1:8080/media/a.png"],
    ["http://127.0.0.1:8080/media/a.png", "http://127.0.0.1:8080/media/a.png"],
    ["http://example.com/a.png", null],
    ["http://127.0.0.1:8081/a.png", null],
    ["javascript:alert(1)", null],
    ["data:image/png;base64,AA", null],
    ["blob:https://example.com/x", null],
    ["https://user:pass@example.com/a.png", null],
    ["", null],
  ])("%j", (address, expected) => expect(safeMedia(address, base)).toBe(expected));
  it("knows no own origin without a page", () => expect(safeMedia("/a.png", "")).toBeNull());
});

describe("web views", () => {
  it.each([["https://example.com/a", true], ["http://example.com/a", false], ["mailto:a@b.c", false], ["javascript:x", false], ["data:text/html,x", false]])("%j", (address, allowed) =>
    expect(safeWebview(address) !== null).toBe(allowed),
  );
});

describe("honest links", () => {
  it.each([
    ["bank.example", "https://evil.example/", "evil.example"],
    ["https://bank.example/login", "https://evil.example/", "evil.example"],
    ["BANK.example", "https://bank.example/", null],
    ["www.bank.example", "https://bank.example/", null],
    ["our page", "https://evil.example/", null],
    ["version 2.0", "https://example.com/", null],
  ])("%j to %j", (text, href, host) => expect(hiddenHost(text, href)).toBe(host));
  it.each([
    ["https://раypal.com/a", "https://xn--ypal-43d9g.com/a"],
    ["https://пример.com/a", "https://пример.com/a"],
    ["https://example.com/а", "https://example.com/а"],
  ])("shows %j as %j", (address, shown) => expect(shownAddress(address)).toBe(shown));
  it("strips what turns the direction and what piles up", () => {
    expect(clean("invoice\u202egpj.exe\u2069")).toBe("invoicegpj.exe");
    expect(clean(`a${"\u0301".repeat(1_000_000)}b`)).toBe(`a${"\u0301".repeat(8)}b`);
    expect(clean("\u0e01\u0e35\u0e48")).toBe("\u0e01\u0e35\u0e48");
  });
});
