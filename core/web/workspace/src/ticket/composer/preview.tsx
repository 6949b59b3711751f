/** Shows a reply as the customer's channel will show it, and says what the channel cannot show. */
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { api } from "../../desk/api";
import type { TicketChannel } from "../../desk/wire";
import { useText } from "../../i18n";
import { Banner, ErrorState, IconButton, Skeleton, useLoaded } from "../../ui";

interface Props {
  ticketId: number;
  text: string;
  channel: TicketChannel | null;
}

export function PreviewButton(props: Props) {
  const t = useText();
  const title = t("previewTitle", { channel: props.channel?.name ?? "" });
  return (
    <DialogTrigger>
      <IconButton icon="eye" label={t("preview")} isDisabled={!props.text.trim()} />
      <Popover className="popover preview" placement="top end" offset={6}>
        <Dialog className="preview-dialog" aria-label={title}>
          <h2 className="preview-title">{title}</h2>
          <Preview {...props} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Preview({ ticketId, text }: Props) {
  const t = useText();
  const shown = useLoaded(text, () =>
    api.tickets.preview(ticketId, { type: "text", text, markdownText: text }),
  );
  if (shown.error) return <ErrorState error={shown.error} onRetry={shown.reload} />;
  if (!shown.data) return <Skeleton lines={2} />;
  const { lost } = shown.data;
  return (
    <>
      <p className="preview-text" dir="auto">
        {shown.data.text}
      </p>
      {lost.length > 0 ? (
        <Banner kind="warn">{t("previewLost", { what: lost.join(", ") })}</Banner>
      ) : (
        <p className="soft small">{t("previewSame")}</p>
      )}
    </>
  );
}
