/** The few signs of the widget, drawn as strokes on a grid of 24 so that they take the colour of their text. */

const PATHS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 20V5M5.5 11.5L12 5l6.5 6.5",
  clip: "M20 11.5l-8.2 8.2a5 5 0 01-7-7l8.6-8.7a3.3 3.3 0 014.7 4.7l-8.6 8.6a1.7 1.7 0 01-2.3-2.4l7.6-7.6",
  down: "M12 5v14M6 13l6 6 6-6",
  next: "M9 5l7 7-7 7",
  clock: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 7.5V12l3 2",
  sent: "M5 12.5l4.5 4.5L19 7.5",
  read: "M2.5 12.5L7 17l8.5-9.5M11.5 16l1 1 9-9.5",
  warning: "M12 8.5v4.5M12 16.5h.01M12 3.8L2.8 19.7h18.4z",
  file: "M14 3H7a2 2 0 00-2 2v14a2 2 0 002 2h10a2 2 0 002-2V8zM14 3v5h5",
  image:
    "M5 4h14a1 1 0 011 1v14a1 1 0 01-1 1H5a1 1 0 01-1-1V5a1 1 0 011-1zM4 16l4.5-4.5L14 17M13 14.5l2.5-2.5 4.5 4.5M15.5 8.5h.01",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  pin: "M12 21s-7-6.2-7-11.5a7 7 0 0114 0C19 14.8 12 21 12 21zM12 12a2.5 2.5 0 100-5 2.5 2.5 0 000 5z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  chat: "M4 5h16v11H9.5L5 20v-4H4z",
  outside: "M14 5h5v5M19 5l-8 8M17 14v4a1 1 0 01-1 1H6a1 1 0 01-1-1V8a1 1 0 011-1h4",
  offline: "M3 3l18 18M8.5 15.5a5 5 0 017 0M5 12a10 10 0 014-2.4M19 12a10 10 0 00-5.3-2.8M12 19h.01",
  away: "M20 14.5A8.5 8.5 0 119.5 4a7 7 0 0010.5 10.5z",
  check: "M5 12.5l4.5 4.5L19 7.5",
};

export function Icon({ name, size = 20 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg class={`icon icon-${name}`} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The picture of somebody, or the first letter of their name. */
export function Avatar({
  name,
  url,
  size = "small",
}: {
  name: string;
  url: string | null;
  size?: "small" | "large";
}) {
  return (
    <span class={`avatar avatar-${size}`} aria-hidden="true">
      {url ? (
        <img src={url} alt="" decoding="async" />
      ) : (
        <span dir="auto">{[...name.trim()][0]?.toUpperCase() ?? "·"}</span>
      )}
    </span>
  );
}
