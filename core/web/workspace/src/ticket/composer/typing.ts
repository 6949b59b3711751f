/** Tells the customer that somebody is writing: at most every few seconds, and when it is over. */
import { useEffect, useMemo } from "react";
import { api } from "../../desk/api";

const AGAIN_MS = 5000;
const IDLE_MS = 6000;

export function useTellTyping(ticketId: number, isOn: boolean): { go(): void; stop(): void } {
  const teller = useMemo(() => new Teller(ticketId, isOn), [ticketId, isOn]);
  useEffect(() => () => teller.stop(), [teller]);
  return useMemo(() => ({ go: () => teller.go(), stop: () => teller.stop() }), [teller]);
}

class Teller {
  #told = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ticketId: number,
    private readonly isOn: boolean,
  ) {}

  go(): void {
    if (!this.isOn) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stop(), IDLE_MS);
    if (Date.now() - this.#told < AGAIN_MS) return;
    this.#told = Date.now();
    this.#tell("typing:start");
  }

  stop(): void {
    clearTimeout(this.#idle);
    if (!this.#told) return;
    this.#told = 0;
    this.#tell("typing:stop");
  }

  /** Typing is a courtesy: when it is lost, nothing is said. */
  #tell(type: "typing:start" | "typing:stop"): void {
    api.tickets.tell(this.ticketId, type).catch(() => {});
  }
}
