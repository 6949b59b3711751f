/** The launcher's few words before the frame has brought the others: open, close, dismiss. */

const LABELS: Record<string, [string, string, string]> = {
  en: ["Open the chat", "Close the chat", "Dismiss this message"],
  fr: ["Ouvrir la discussion", "Fermer la discussion", "Masquer ce message"],
  de: ["Chat öffnen", "Chat schließen", "Nachricht ausblenden"],
  es: ["Abrir el chat", "Cerrar el chat", "Descartar este mensaje"],
  nl: ["Chat openen", "Chat sluiten", "Dit bericht sluiten"],
  ar: ["فتح المحادثة", "إغلاق المحادثة", "إخفاء هذه الرسالة"],
};

export interface Labels {
  open: string;
  close: string;
  dismiss: string;
}

/** In the first language that we have words in. */
export function labelsIn(wishes: readonly (string | undefined | null)[]): Labels {
  const known = wishes.map((wish) => LABELS[wish?.slice(0, 2).toLowerCase() ?? ""]).find(Boolean);
  const [open, close, dismiss] = known ?? (LABELS.en as [string, string, string]);
  return { open, close, dismiss };
}
