/** An agent's working day on this page: opens what was left, keeps the stream, closes at the end. */
import { sessionEnded } from "../session/session";
import { countInTitle } from "../ui/title";
import { api } from "./api";
import { carrierFor } from "./carrier";
import { desk, NOTHING, setDesk, useDesk } from "./desk";
import { openDrafts } from "./drafts";
import { deal, nameOf, tell } from "./news";
import { forgetNotices } from "./notices";
import { keptLocally, Outbox } from "./outbox";
import { readFrame, readTickets, readUsers } from "./reading";
import { addTab, openTabs, useTabs } from "./tabs";
import { readTail, useStories } from "./timelines";
import type { Agent, Offer } from "./wire";

/** How long the first reading waits for the stream. */
const STREAM_MS = 1200;

let open: Outbox | null = null;

/** The box of the agent who is signed in. */
export function outbox(): Outbox {
  if (!open) throw new Error("the outbox was asked for before work began");
  return open;
}

export function beginWork(me: Agent): () => void {
  setDesk(NOTHING, true);
  useStories.setState({}, true);
  openDrafts(me.id);
  openTabs(me.id);
  open = new Outbox(carrierFor(me.id), keptLocally(me.id));
  const box = open;
  box.open();
  // What happens between reading and listening would be missed: listen first, unless the line does not come.
  let read = false;
  const readOnce = () => {
    if (!read) void readAll(me);
    read = true;
  };
  const patience = setTimeout(readOnce, STREAM_MS);
  const stream = api.stream({
    frame: (frame) => deal(me, frame),
    resync: () => void readAll(me),
    line: (state) => {
      setDesk({ line: state.name === "live" ? "open" : state.name === "lost" ? "lost" : "connecting" });
      if (state.name === "live") {
        readOnce();
        box.lineIsBack();
      }
      if (state.name === "revoked") sessionEnded();
    },
  });
  stream.start();
  const hurry = () => stream.hurry();
  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  const stops = [watchOffers(), countUnread()];
  return () => {
    for (const stop of stops) stop();
    window.removeEventListener("online", hurry);
    document.removeEventListener("visibilitychange", hurry);
    clearTimeout(patience);
    stream.stop();
    box.close();
    forgetNotices();
    open = null;
  };
}

/** Reads all that is shown, at the beginning and whenever something may have been missed. */
async function readAll(me: Agent): Promise<void> {
  const { tabs, current } = useTabs.getState();
  // Stories that are not on the screen are read when they are opened again.
  const stories = useStories.getState();
  const shown = current ? stories[current] : undefined;
  useStories.setState(current && shown ? { [current]: shown } : {}, true);
  await Promise.allSettled([
    readFrame(),
    readTickets(tabs.map((tab) => tab.ticketId)),
    readMine(me),
    current ? readTail(current) : null,
  ]);
  setDesk(({ viewsTurn }) => ({ viewsTurn: viewsTurn + 1 }));
}

/** The agent's own tickets stand in tabs as long as they are open: those are the active conversations. */
async function readMine(me: Agent): Promise<void> {
  const { items } = await api.users.assigned(me.id).page({ size: 100 });
  const active = items.filter((ticket) => ticket.status === "open" && ticket.control === "desk");
  setDesk(({ tickets }) => ({ tickets: { ...tickets, ...Object.fromEntries(items.map((t) => [t.id, t])) } }));
  await readUsers(items.map((ticket) => ticket.requester_id));
  const capacity = Math.max(me.capacity, 5);
  for (const ticket of active.slice(0, capacity)) addTab(ticket.id);
}

/** Rings for offers that were not there before. */
function watchOffers(): () => void {
  let known = new Set<number>();
  const look = (offers: readonly Offer[]) => {
    for (const offer of offers) {
      if (!known.has(offer.id))
        tell("offer", offer.ticket, offer.requester.name || nameOf(offer.ticket), offer.preview);
    }
    known = new Set(offers.map((offer) => offer.id));
  };
  return useDesk.subscribe((state, before) => {
    if (state.offers !== before.offers) look(desk().offers);
  });
}

function countUnread(): () => void {
  const count = () => countInTitle(useTabs.getState().tabs.reduce((sum, tab) => sum + tab.unread, 0));
  count();
  return useTabs.subscribe(count);
}
