/** Who is signed in on this browser. Everything else of the workspace stands only while somebody is. */
import { create } from "zustand";
import { api } from "../desk/api";
import type { Agent } from "../desk/wire";

type Session =
  | { state: "asking" }
  | { state: "failed"; error: unknown }
  /** `over`: a session ended while somebody worked. */
  | { state: "out"; over: boolean }
  | { state: "in"; me: Agent };

export const useSession = create<Session>(() => ({ state: "asking" }));

export function useMe(): Agent {
  const session = useSession();
  if (session.state !== "in") throw new Error("a page for agents was drawn while nobody is signed in");
  return session.me;
}

export async function askWhoIsIn(): Promise<void> {
  useSession.setState({ state: "asking" }, true);
  try {
    useSession.setState({ state: "in", me: await api.me.get() }, true);
  } catch (error) {
    const status = (error as { status?: number }).status;
    useSession.setState(status === 401 ? { state: "out", over: false } : { state: "failed", error }, true);
  }
}

type SetUp = Parameters<typeof api.me.setUp>[0];

export async function signIn(email: string, password: string, code: string): Promise<void> {
  const me = await api.me.signIn({ email, password, ...(code && { code }) });
  useSession.setState({ state: "in", me }, true);
}

export async function setUp(first: SetUp): Promise<void> {
  useSession.setState({ state: "in", me: await api.me.setUp(first) }, true);
}

export async function signOut(): Promise<void> {
  await api.me.signOut().catch(() => {});
  useSession.setState({ state: "out", over: false }, true);
}

/** The gateway no longer knows us: the sign-in comes back, over whatever was open. */
export function sessionEnded(): void {
  if (useSession.getState().state === "in") useSession.setState({ state: "out", over: true }, true);
}
