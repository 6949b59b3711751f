/** Says why a conversation cannot be moved to another channel, before somebody looks for the switch. */
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useText } from "../../i18n";
import { IconButton } from "../../ui";

export function SwitchReason() {
  const t = useText();
  return (
    <DialogTrigger>
      <IconButton icon="transfer" label={t("switchWhy")} />
      <Popover className="popover preview" placement="top start" offset={6}>
        <Dialog className="preview-dialog" aria-label={t("switchWhy")}>
          <h2 className="preview-title">{t("switchWhy")}</h2>
          <p>{t("switchImpossible")}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
