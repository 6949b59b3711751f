/** Things to copy, and things that are shown only once. */
import { Banner, Button, Dialog, IconButton, toast } from "../../ui";
import { useCommonText } from "./texts";

function useCopy(): (text: string) => Promise<void> {
  const t = useCommonText();
  return async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      toast({ kind: "done", text: t("copied") });
    } catch {
      toast({ kind: "error", text: t("copyFailed") });
    }
  };
}

/** A text in a box, with a button that copies it. */
export function CopyBox({
  text,
  label,
  labelHidden,
}: {
  text: string;
  label: string;
  labelHidden?: boolean;
}) {
  const t = useCommonText();
  const copy = useCopy();
  return (
    <div className="field">
      <span className={labelHidden ? "hidden" : "label"}>{label}</span>
      <div className="copy-box">
        <code className="copy-text">{text}</code>
        <IconButton
          icon="copy"
          size="small"
          label={`${t("copy")}: ${label}`}
          onPress={() => void copy(text)}
        />
      </div>
    </div>
  );
}

interface Once {
  title: string;
  label: string;
  secret: string;
  /** It can be seen again, so nobody needs to be warned. */
  again?: boolean;
  children?: React.ReactNode;
  onClose(): void;
}

/** A secret right after it was made. Only its own button closes it, so that no stray click loses it. */
export function ShownOnce({ title, label, secret, again = false, children, onClose }: Once) {
  const t = useCommonText();
  return (
    <Dialog
      title={title}
      isOpen
      firm
      onClose={onClose}
      actions={
        <Button kind="primary" onPress={onClose}>
          {t("done")}
        </Button>
      }
    >
      <div className="form">
        {!again && <Banner kind="warn">{t("shownOnce")}</Banner>}
        {children}
        <CopyBox label={label} text={secret} />
      </div>
    </Dialog>
  );
}
