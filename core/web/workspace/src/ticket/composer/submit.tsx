/** The button that sends, and the menu that sends and sets the status in one go. */
import type { Mode } from "../../desk/drafts";
import type { Status, Ticket } from "../../desk/wire";
import { type TextKey, useText } from "../../i18n";
import { Button, IconButton, Menu, StatusMark } from "../../ui";

interface Props {
  ticket: Ticket;
  mode: Mode;
  isDisabled: boolean;
  onSubmit(status: Status | null): void;
}

const STATUSES: Status[] = ["open", "pending", "hold", "solved"];
const NAMES: Record<Mode, TextKey> = { reply: "send", note: "addNote", email: "sendEmail", call: "callLog" };

export function Submit({ ticket, mode, isDisabled, onSubmit }: Props) {
  const t = useText();
  const sendAs = mode === "note" || mode === "call" ? "addNoteAs" : "sendAs";
  const closed = ticket.status === "closed";
  return (
    <div className="submit">
      <Button
        kind="primary"
        icon={mode === "note" ? "note" : mode === "call" ? "phone" : "send"}
        className="submit-main"
        isDisabled={isDisabled}
        onPress={() => onSubmit(null)}
      >
        {t(NAMES[mode])}
      </Button>
      {!closed && (
        <Menu
          label={t("sendAsMenu")}
          placement="top end"
          parts={[
            {
              id: "statuses",
              title: t("sendAsMenu"),
              entries: STATUSES.map((status) => ({
                id: status,
                name: t(sendAs, { status: t(`status_${status}`) }),
                sign: <StatusMark status={status} />,
                onAction: () => onSubmit(status),
              })),
            },
          ]}
        >
          <IconButton icon="up" label={t("sendAsMenu")} className="submit-more" isDisabled={isDisabled} />
        </Menu>
      )}
    </div>
  );
}
