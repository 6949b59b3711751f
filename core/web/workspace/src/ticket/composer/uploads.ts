/** Files on their way to the gateway. They go on while the agent looks at another ticket; what is there joins the draft. */
import { create } from "zustand";
import { api } from "../../desk/api";
import { type DraftFile, draftOf, type Mode, writeDraft } from "../../desk/drafts";
import { say } from "../../i18n";
import { formatIn } from "../../i18n/format";
import { languageOf, usePreferences } from "../../preferences/preferences";
import { problemOf, toast } from "../../ui";
import { fileProblem, MAX_FILE_BYTES, MAX_FILES } from "./limits";

export interface UploadingFile {
  key: number;
  ticketId: number;
  mode: Mode;
  name: string;
  progress: number;
  stop: AbortController;
}

export const useUploads = create<{ files: readonly UploadingFile[] }>(() => ({ files: [] }));
let lastKey = 0;

export function attach(ticketId: number, mode: Mode, files: Iterable<File>): void {
  const room = MAX_FILES - draftOf(ticketId, mode).files.length - uploadsOf(ticketId, mode).length;
  for (const file of [...files].slice(0, Math.max(0, room))) {
    const problem = fileProblem(file);
    if (problem)
      toast({ kind: "error", text: say(problem, { name: file.name, limit: sayBytes(MAX_FILE_BYTES) }) });
    else void send(ticketId, mode, file);
  }
}

function uploadsOf(ticketId: number, mode: Mode): UploadingFile[] {
  return useUploads.getState().files.filter((file) => file.ticketId === ticketId && file.mode === mode);
}

async function send(ticketId: number, mode: Mode, file: File): Promise<void> {
  const key = ++lastKey;
  const stop = new AbortController();
  change((files) => [...files, { key, ticketId, mode, name: file.name, progress: 0, stop }]);
  try {
    const upload = await api.upload(file, file.name, {
      signal: stop.signal,
      onProgress: (progress) =>
        change((files) => files.map((other) => (other.key === key ? { ...other, progress } : other))),
    });
    addToDraft(ticketId, mode, upload);
  } catch (error) {
    if (!stop.signal.aborted)
      toast({
        kind: "error",
        text: say("fileFailed", { name: file.name }),
        detail: problemOf((text) => say(text), error),
      });
  } finally {
    change((files) => files.filter((other) => other.key !== key));
  }
}

function addToDraft(ticketId: number, mode: Mode, file: DraftFile): void {
  writeDraft(ticketId, mode, { files: [...draftOf(ticketId, mode).files, file] });
}

function change(step: (files: readonly UploadingFile[]) => readonly UploadingFile[]): void {
  useUploads.setState(({ files }) => ({ files: step(files) }));
}

function sayBytes(bytes: number): string {
  return formatIn(languageOf(usePreferences.getState())).bytes(bytes);
}
