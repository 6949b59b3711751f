/** The stories of the tickets that were opened, and how far their agent has read. */
import { create } from "zustand";
import { api } from "./api";
import { EMPTY, type LogPage, type Timeline, withOlder, withTail } from "./timeline";
import type { Entry } from "./wire";

export interface Story extends Timeline {
  state: "loading" | "there" | "failed";
  error: unknown;
  loadingOlder: boolean;
  olderFailed: boolean;
}

const NEW: Story = { ...EMPTY, state: "loading", error: null, loadingOlder: false, olderFailed: false };
const TAIL = 50;

export const useStories = create<Record<number, Story>>(() => ({}));

export const storyOf = (ticketId: number): Story => useStories.getState()[ticketId] ?? NEW;
export const useStory = (ticketId: number): Story => useStories((stories) => stories[ticketId] ?? NEW);

function change(ticketId: number, story: Partial<Story>): void {
  useStories.setState({ [ticketId]: { ...storyOf(ticketId), ...story } });
}

/** The newest page, or the one before a cursor; the gateway gives each page oldest first. */
async function readLog(ticketId: number, before: string | null): Promise<LogPage> {
  const page = await api.tickets.log(ticketId, { newestFirst: true, size: TAIL, before });
  return { entries: page.items, older: page.hasMore ? page.before : null };
}

const reading = new Map<number, { again: boolean; done: Promise<void> }>();

/** Reads the newest page. While one is on its way, others that ask wait for one more, so that none of them misses its news. */
export function readTail(ticketId: number): Promise<void> {
  const running = reading.get(ticketId);
  if (running) {
    running.again = true;
    return running.done;
  }
  const turn = { again: false, done: Promise.resolve() };
  turn.done = readUntilStill(ticketId, turn).finally(() => reading.delete(ticketId));
  reading.set(ticketId, turn);
  return turn.done;
}

async function readUntilStill(ticketId: number, turn: { again: boolean }): Promise<void> {
  do {
    turn.again = false;
    try {
      const page = await readLog(ticketId, null);
      const { entries, older } = withTail(storyOf(ticketId), page);
      change(ticketId, { entries, older, state: "there", error: null });
    } catch (error) {
      // What was read stays; only a story that never came says why.
      if (storyOf(ticketId).state !== "there") change(ticketId, { state: "failed", error });
      throw error;
    }
  } while (turn.again);
}

export async function readOlder(ticketId: number): Promise<void> {
  const story = storyOf(ticketId);
  if (story.loadingOlder || story.older === null || story.state !== "there") return;
  change(ticketId, { loadingOlder: true, olderFailed: false });
  try {
    const page = await readLog(ticketId, story.older);
    const { entries, older } = withOlder(storyOf(ticketId), page);
    change(ticketId, { entries, older, loadingOlder: false });
  } catch {
    change(ticketId, { loadingOlder: false, olderFailed: true });
  }
}

/** Shows a changed entry before the gateway's own version of it comes. */
export function patchEntry(ticketId: number, entryId: string, patch: Partial<Entry>): void {
  const entries = storyOf(ticketId).entries.map((entry) =>
    entry.id === entryId ? { ...entry, ...patch } : entry,
  );
  change(ticketId, { entries });
}

export function openStories(): number[] {
  return Object.keys(useStories.getState()).map(Number);
}

const MAX_STORIES = 30;

/** Forgets the stories that were opened longest ago, so that a long day does not fill the memory. */
export function forgetStories(keep: readonly number[]): void {
  const ids = openStories().filter((id) => !keep.includes(id));
  const surplus = ids.slice(0, Math.max(0, ids.length - MAX_STORIES));
  if (!surplus.length) return;
  const rest = { ...useStories.getState() };
  for (const id of surplus) delete rest[id];
  useStories.setState(rest, true);
}
