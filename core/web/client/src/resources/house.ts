/** What admins look after: plugins, what waits because of them, and what was done. */
import type { Door } from "../door";
import type { Account, AuditLog, Parked, Plugin } from "../types";
import { type UploadOptions, upload } from "../upload";
import { listing, type Reading } from "./crud";

export function house(door: Door) {
  return {
    account: async (options: Reading = {}) =>
      (await door.get<{ account: Account }>("/account", options)).account,
    auditLogs: listing<AuditLog>(door, "/audit_logs", "audit_logs"),
  };
}

export function plugins(door: Door) {
  return {
    all: async (options: Reading = {}) =>
      (await door.get<{ plugins: Plugin[] }>("/plugins", options)).plugins,
    install: async (component: Blob, options: Omit<UploadOptions, "token"> = {}) =>
      (
        await upload<{ plugin: Plugin }>(door.address("/plugins"), component, {
          ...options,
          token: door.token,
        })
      ).plugin,
    parked: async (options: Reading = {}) =>
      (await door.get<{ parked: Parked[] }>("/parked", options)).parked,
    /** Tries them again; all of them where none is named. */
    retryParked: (ids?: readonly string[]) => door.post("/parked/retry", ids ? { ids } : {}),
  };
}
