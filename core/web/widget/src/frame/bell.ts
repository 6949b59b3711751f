/** The sound of a new message: two soft notes, made here so that no file is needed. */

const NOTES = [
  { hertz: 880, at: 0 },
  { hertz: 1174.7, at: 0.12 },
];
const NOTE_SECONDS = 0.25;
const LOUDNESS = 0.08;

/** Rings once the user has touched the widget: browsers allow no sound before. */
export function makeBell(window: Window): () => void {
  let context: AudioContext | null = null;
  const wake = () => {
    if (!("AudioContext" in window)) return;
    context ??= new AudioContext();
    void context.resume().catch(() => {});
  };
  for (const touch of ["pointerdown", "keydown"])
    window.addEventListener(touch, wake, { once: true, passive: true });
  return () => {
    if (context?.state === "running") for (const note of NOTES) play(context, note);
  };
}

function play(context: AudioContext, { hertz, at }: { hertz: number; at: number }): void {
  const start = context.currentTime + at;
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_SECONDS);
  tone.connect(gain).connect(context.destination);
  tone.start(start);
  tone.stop(start + NOTE_SECONDS);
}
