/** Short words about what has just happened, at the foot of the page; errors stay until they are closed. */
import { useEffect } from "react";
import { create } from "zustand";
import { useText } from "../i18n";
import { IconButton } from "./button";
import { Icon } from "./icons";

export interface Toast {
  id: number;
  kind: "done" | "error" | "news";
  text: string;
  detail?: string | undefined;
  action?: { name: string; onAction(): void } | undefined;
}

const STAY_MS = 6000;
const MAX_TOASTS = 4;
let lastId = 0;

const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

export function toast(said: Omit<Toast, "id">): void {
  const id = ++lastId;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, { ...said, id }].slice(-MAX_TOASTS) }));
}

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

export function Toasts() {
  const t = useText();
  const toasts = useToasts((state) => state.toasts);
  return (
    <section className="toasts" aria-label={t("announcements")} aria-live="polite">
      {toasts.map((toast) => (
        <ToastRow key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastRow({ toast }: { toast: Toast }) {
  const t = useText();
  useEffect(() => {
    if (toast.kind === "error") return;
    const timer = setTimeout(() => dismiss(toast.id), STAY_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  const icon = toast.kind === "done" ? "check" : toast.kind === "error" ? "warning" : "info";
  return (
    <div className={`toast toast-${toast.kind}`} role={toast.kind === "error" ? "alert" : undefined}>
      <Icon name={icon} />
      <div className="grow">
        <p className="toast-text">{toast.text}</p>
        {toast.detail && <p className="toast-detail">{toast.detail}</p>}
      </div>
      {toast.action && (
        <button
          type="button"
          className="toast-action"
          onClick={() => {
            toast.action?.onAction();
            dismiss(toast.id);
          }}
        >
          {toast.action.name}
        </button>
      )}
      <IconButton icon="close" size="small" label={t("close")} onPress={() => dismiss(toast.id)} />
    </div>
  );
}
