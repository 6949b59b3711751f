/** The bell: what happened while the agent looked elsewhere. */
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { type Notice, type NoticeKind, readNotices, useNotices } from "../desk/notices";
import { useFormat, useText } from "../i18n";
import { Button, EmptyState, Icon, type IconName } from "../ui";
import { go, ticketPath } from "./go";

const ICONS: Record<NoticeKind, IconName> = {
  offer: "inbox",
  message: "chat",
  failed: "warning",
  assigned: "user",
  mention: "note",
};

export function Notices() {
  const t = useText();
  const notices = useNotices((state) => state.notices);
  const unread = notices.filter((notice) => !notice.read).length;
  return (
    <DialogTrigger>
      <AriaButton
        className="icon-button bell"
        aria-label={unread ? t("notificationsCount", { n: unread }) : t("notifications")}
      >
        <Icon name="bell" size={20} />
        {unread > 0 && <span className="count bell-count">{unread}</span>}
      </AriaButton>
      <Popover className="popover notices" placement="bottom end" offset={4}>
        <Dialog className="notices-dialog" aria-label={t("notifications")}>
          {({ close }) => <NoticeList notices={notices} unread={unread} close={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function NoticeList({
  notices,
  unread,
  close,
}: {
  notices: readonly Notice[];
  unread: number;
  close(): void;
}) {
  const t = useText();
  return (
    <>
      <header className="notices-head">
        <h2 className="grow">{t("notifications")}</h2>
        {unread > 0 && (
          <Button kind="quiet" size="small" onPress={() => readNotices()}>
            {t("markAllRead")}
          </Button>
        )}
      </header>
      {notices.length === 0 ? (
        <EmptyState icon="bell" title={t("notificationsEmpty")} text={t("notificationsEmptyText")} />
      ) : (
        <ul className="notices-list">
          {notices.map((notice) => (
            <li key={notice.id}>
              <NoticeRow notice={notice} close={close} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function NoticeRow({ notice, close }: { notice: Notice; close(): void }) {
  const t = useText();
  const format = useFormat();
  const open = () => {
    close();
    readNotices(notice.ticketId);
    if (notice.kind !== "offer") go(ticketPath(notice.ticketId));
  };
  return (
    <AriaButton className={`notice notice-${notice.kind} ${notice.read ? "" : "is-unread"}`} onPress={open}>
      <span className="notice-sign">
        <Icon name={ICONS[notice.kind]} size={16} />
      </span>
      <span className="grow">
        <span className="notice-title">{titleOf(t, notice)}</span>
        {notice.text && <span className="notice-text">{notice.text}</span>}
        <span className="notice-time">{format.ago(new Date(notice.at).toISOString())}</span>
      </span>
      {!notice.read && <span className="dot" role="img" aria-label={t("unread")} />}
    </AriaButton>
  );
}

function titleOf(t: ReturnType<typeof useText>, { kind, who }: Notice): string {
  switch (kind) {
    case "offer":
      return t("noticeOffer", { name: who });
    case "message":
      return t("noticeMessage", { name: who });
    case "failed":
      return t("noticeFailed", { name: who });
    case "assigned":
      return t("noticeAssigned", { subject: who });
    case "mention":
      return t("noticeMention", { name: who });
  }
}
