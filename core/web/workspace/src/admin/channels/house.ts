/** The app whose channels an admin looks after; its id is asked for once. */
import type { Client } from "@passerelle/client";
import { api } from "../../desk/api";

type App = ReturnType<Client["app"]>;

let asked: Promise<App> | null = null;

export function ownApp(): Promise<App> {
  asked ??= api.house.account().then(
    ({ app_id }) => api.app(app_id),
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}
