// What the shop keeps in the browser, as long as the visitor allowed: in no storage, for this tab, or for good.

const PREFIX = "terre-salee.";

function open(kind) {
  try {
    return window[kind];
  } catch {
    // Storage that is blocked throws when it is touched.
    return undefined;
  }
}

const stores = { persistent: open("localStorage"), session: open("sessionStorage") };
const read = (store, name) => store?.getItem(PREFIX + name) ?? undefined;

export const memory = {
  /** `none`, `session` or `persistent`; nothing before the visitor has answered. */
  mode: read(stores.session, "mode") ?? read(stores.persistent, "mode"),

  get(name) {
    return read(stores[this.mode], name);
  },

  set(name, value) {
    stores[this.mode]?.setItem(PREFIX + name, value);
  },

  remove(name) {
    stores[this.mode]?.removeItem(PREFIX + name);
  },

  /** Takes the visitor's answer, moves what is kept to where it may be kept, and forgets the rest. */
  allow(mode) {
    const kept = ["customer", "language", "theme"].map((name) => [name, this.get(name)]);
    for (const store of Object.values(stores)) {
      for (const name of Object.keys(store ?? {})) if (name.startsWith(PREFIX)) store.removeItem(name);
    }
    this.mode = mode;
    this.set("mode", mode);
    for (const [name, value] of kept) if (value !== undefined) this.set(name, value);
  },
};
