/** Dialogs: in the middle, or as a drawer from the side. Focus goes in, stays in, and comes back. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useText } from "../i18n";
import { Button, IconButton } from "./button";

interface Props {
  title: string;
  isOpen: boolean;
  onClose(): void;
  children: ReactNode;
  /** The buttons at the foot. */
  actions?: ReactNode;
  size?: "small" | "normal" | "wide";
  side?: "middle" | "left" | "right";
  /** Not to be closed by a click beside it, for instance with an unsaved form. */
  firm?: boolean;
}

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  actions,
  size = "normal",
  side = "middle",
  firm = false,
}: Props) {
  const t = useText();
  return (
    <ModalOverlay
      className={`veil veil-${side}`}
      isOpen={isOpen}
      isDismissable={!firm}
      onOpenChange={(open) => !open && onClose()}
    >
      <Modal className={`modal modal-${side} modal-${size}`}>
        <AriaDialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title" className="dialog-title">
              {title}
            </Heading>
            <IconButton icon="close" label={t("close")} onPress={onClose} />
          </header>
          <DialogBody title={title}>{children}</DialogBody>
          {actions && <footer className="dialog-foot">{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What scrolls must be reachable by keyboard; what does not is no stop on the way. */
function DialogBody({ title, children }: { title: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const outer = box.current;
    if (!outer) return;
    const look = () => setScrolls(outer.scrollHeight > outer.clientHeight);
    const size = new ResizeObserver(look);
    const content = new MutationObserver(look);
    size.observe(outer);
    content.observe(outer, { childList: true, subtree: true });
    return () => {
      size.disconnect();
      content.disconnect();
    };
  }, []);
  return (
    <div
      ref={box}
      className="dialog-body"
      {...(scrolls && { tabIndex: 0, role: "group", "aria-label": title })}
    >
      {children}
    </div>
  );
}

interface ConfirmProps {
  title: string;
  isOpen: boolean;
  /** What the button that does it says: a verb, not "OK". */
  action: string;
  danger?: boolean;
  busy?: boolean;
  children: ReactNode;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something that is hard to take back. */
export function Confirm({ title, isOpen, action, danger, busy, children, onConfirm, onClose }: ConfirmProps) {
  const t = useText();
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      size="small"
      actions={
        <>
          {/* Enter without a look must not do what is hard to take back. */}
          <Button onPress={onClose} autoFocus={danger}>
            {t("cancel")}
          </Button>
          <Button kind={danger ? "danger" : "primary"} busy={busy} onPress={onConfirm} autoFocus={!danger}>
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
