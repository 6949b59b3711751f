/** Makes itself heard and seen outside of the page, as far as the agent wishes it. */
import { usePreferences } from "../preferences/preferences";

let audio: AudioContext | null = null;

/** Two short tones: rising for an offer, one and the same for a message. */
export function ring(kind: "offer" | "message"): void {
  // Before the agent has touched the page, browsers refuse to make a sound.
  if (!usePreferences.getState().sounds || !navigator.userActivation?.hasBeenActive) return;
  try {
    audio ??= new AudioContext();
    const tones = kind === "offer" ? [523, 784] : [660, 660];
    tones.forEach((frequency, at) => {
      beep(audio as AudioContext, frequency, at * 0.14);
    });
  } catch {
    // A browser without sound is quiet.
  }
}

function beep(context: AudioContext, frequency: number, after: number): void {
  const start = context.currentTime + after;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.12, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.13);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.14);
}

/** A notification of the browser, unless the page is being looked at. One per tag: a newer one takes its place. */
export function showOutside(title: string, body: string, tag: string, onClick: () => void): void {
  if (!usePreferences.getState().notifications || isLookedAt()) return;
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const shown = new Notification(title, { body, tag });
  shown.onclick = () => {
    window.focus();
    shown.close();
    onClick();
  };
}

export function isLookedAt(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}
