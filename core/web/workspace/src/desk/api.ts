/** The only door to the gateway. */
import { Client } from "@passerelle/client";

let signedOut = () => {};

/** Tells what to do when the gateway no longer knows us. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

export const api = new Client({ onSignedOut: () => signedOut() });
