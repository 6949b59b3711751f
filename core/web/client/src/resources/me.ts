/** Signing in and out, and what an agent may do to the own account. */
import type { Door } from "../door";
import type { Agent, AgentSession, ApiToken, Totp } from "../types";
import { listing, type Reading } from "./crud";

export interface SignIn {
  email: string;
  password: string;
  /** The six digits of a one-time code app. */
  code?: string;
}

export interface SetUp {
  /** From the link that the server printed at its first start. */
  token: string;
  name: string;
  email: string;
  password: string;
}

export function me(door: Door) {
  const user = async (answer: Promise<{ user: Agent }>) => (await answer).user;
  return {
    signIn: (words: SignIn) => user(door.post("/sessions", words)),
    signOut: () => door.delete<null>("/users/me/logout"),
    needsSetUp: async () => (await door.get<{ setup: { needed: boolean } }>("/setup")).setup.needed,
    setUp: (words: SetUp) => user(door.post("/setup", words)),
    get: (options: Reading = {}) => user(door.get("/users/me", options)),
    update: (change: Partial<Pick<Agent, "name" | "email" | "locale" | "signature">>) =>
      user(door.put("/users/me", { user: change })),
    changePassword: (password: string, previous: string) =>
      door.put("/users/me/password", { password, previous_password: previous }),
    beginTotp: async () => (await door.post<{ totp: Totp }>("/users/me/totp")).totp,
    confirmTotp: (code: string) => door.put("/users/me/totp", { code }),
    endTotp: (code: string) => door.delete("/users/me/totp", { code }),
    sessions: listing<AgentSession>(door, "/users/me/sessions", "sessions"),
    endSession: (id: number) => door.delete(`/users/me/sessions/${id}`),
    endOtherSessions: () => door.delete("/users/me/sessions"),
    tokens: listing<ApiToken>(door, "/api_tokens", "api_tokens"),
    createToken: async (description: string) =>
      (await door.post<{ api_token: ApiToken }>("/api_tokens", { api_token: { description } })).api_token,
    deleteToken: (id: number) => door.delete(`/api_tokens/${id}`),
  };
}
