/** The foot of a ticket: answers on the channel, notes for colleagues, e-mails, calls. */
import { type Ref, useImperativeHandle, useRef } from "react";
import { FileTrigger } from "react-aria-components";
import { useCommands } from "../../commands/commands";
import { takeTicket } from "../../desk/actions";
import { useDesk } from "../../desk/desk";
import { draftOf, dropDraft, MODES, type Mode, useDraft, writeDraft } from "../../desk/drafts";
import type { Status, Ticket, TicketChannel, User } from "../../desk/wire";
import { channelName } from "../../desk/words";
import { outbox } from "../../desk/work";
import { type TextKey, useText } from "../../i18n";
import { usePreferences } from "../../preferences/preferences";
import { useMe } from "../../session/session";
import { Hint, Icon, IconButton, type IconName, Keys, toast } from "../../ui";
import { ChannelNotice, windowOf } from "./channel-notice";
import { DropZone } from "./drop-zone";
import { EmojiPicker } from "./emoji";
import { Fields } from "./fields";
import { Files } from "./files";
import { tooLongBy } from "./length";
import { MacroMenu } from "./macros";
import { PreviewButton } from "./preview";
import { Submit } from "./submit";
import { SwitchReason } from "./switch-reason";
import { TextBox, type TextBoxControl } from "./text-box";
import { useTellTyping } from "./typing";
import { attach, useUploads } from "./uploads";

export interface ComposerControl {
  write(mode: Mode): void;
  openMacros(): void;
}

interface Props {
  ticket: Ticket;
  customer: User | undefined;
  channel: TicketChannel | null;
  mode: Mode;
  onMode(mode: Mode): void;
  macrosOpen: boolean;
  onMacros(open: boolean): void;
  control: Ref<ComposerControl>;
}

const MODE_SIGNS: Record<Mode, { icon: IconName; name: TextKey }> = {
  reply: { icon: "reply", name: "modeReply" },
  note: { icon: "note", name: "modeNote" },
  email: { icon: "mail", name: "modeEmail" },
  call: { icon: "phone", name: "modeCall" },
};

export function Composer(props: Props) {
  const { ticket, customer, channel, mode, onMode } = props;
  const t = useText();
  const me = useMe();
  const draft = useDraft(ticket.id, mode);
  const box = useRef<TextBoxControl>(null);
  const undoSeconds = usePreferences((state) => state.undoSeconds);
  const uploading = useUploads((state) =>
    state.files.some((f) => f.ticketId === ticket.id && f.mode === mode),
  );
  const emailEnabled = useDesk((state) => state.emailEnabled);
  const tellTyping = useTellTyping(ticket.id, mode === "reply" && ticket.conversation_id !== null);
  const over = (text: string) => (mode === "reply" ? tooLongBy(text, channel) : 0);
  const closed =
    mode === "reply" && (ticket.status === "closed" || windowOf(channel, Date.now()) === "closed");

  useImperativeHandle(props.control, () => ({
    write(next) {
      onMode(next);
      box.current?.focus();
    },
    openMacros: () => props.onMacros(true),
  }));
  const problem = problemWith(mode, { ticket, customer, emailEnabled, closed });
  const submit = (status: Status | null) => {
    const why = uploading
      ? t("filesUploading")
      : (whyNot(t, mode, draftOf(ticket.id, mode), over(draftOf(ticket.id, mode).text.trim()), customer) ??
        problem?.(t));
    if (why) return toast({ kind: "news", text: why });
    const sent = withDefaults(mode, draftOf(ticket.id, mode), customer);
    outbox().post({ ticketId: ticket.id, mode, draft: sent, status }, undoSeconds * 1000);
    dropDraft(ticket.id, mode);
    tellTyping.stop();
    box.current?.focus();
  };
  useModeCommands(
    (next) => {
      onMode(next);
      box.current?.focus();
    },
    () => submit(null),
  );
  const onFiles = (files: Iterable<File>) => attach(ticket.id, mode === "reply" ? "reply" : "note", files);
  const takesFiles = mode === "reply" || mode === "note";
  return (
    <DropZone isDisabled={!takesFiles} onFiles={onFiles}>
      <section className={`composer composer-${mode}`} aria-label={t("composer")}>
        <ModeTabs mode={mode} onMode={onMode} />
        {mode === "reply" && (
          <ChannelNotice ticket={ticket} channel={channel} onTake={() => void takeTicket(me, ticket.id)} />
        )}
        {problem && mode !== "reply" && <p className="composer-problem">{problem(t)}</p>}
        <Fields ticket={ticket} mode={mode} draft={draft} customer={customer} />
        <TextBox
          control={box}
          value={draft.text}
          label={t(mode === "reply" ? "replyLabel" : MODE_SIGNS[mode].name)}
          placeholder={placeholderOf(t, mode, ticket, customer)}
          signs={mode === "note" ? ["@", "/"] : ["/"]}
          onChange={(text) => {
            writeDraft(ticket.id, mode, { text });
            if (text) tellTyping.go();
          }}
          onSubmit={() => submit(null)}
          onFiles={(files) => takesFiles && onFiles(files)}
        />
        <Files ticketId={ticket.id} mode={mode} />
        <footer className="composer-foot">
          {takesFiles && (
            <FileTrigger allowsMultiple onSelect={(files) => files && onFiles(files)}>
              <IconButton icon="clip" label={t("attach")} />
            </FileTrigger>
          )}
          <EmojiPicker onPick={(sign) => box.current?.insert(sign)} />
          <MacroMenu ticket={ticket} onMode={onMode} isOpen={props.macrosOpen} onOpen={props.onMacros} />
          {mode === "reply" && ticket.conversation_id && (
            <>
              <PreviewButton ticketId={ticket.id} text={draft.text} channel={channel} />
              <SwitchReason />
            </>
          )}
          <span className="grow" />
          <Length over={over(draft.text.trim())} />
          <Submit ticket={ticket} mode={mode} onSubmit={submit} isDisabled={closed} />
        </footer>
      </section>
    </DropZone>
  );
}

function ModeTabs({ mode, onMode }: { mode: Mode; onMode(mode: Mode): void }) {
  const t = useText();
  return (
    <div className="modes" role="toolbar" aria-label={t("modes")}>
      {MODES.map((other, at) => (
        <Hint key={other} text={t(MODE_SIGNS[other].name)} keys={`alt+${at + 1}`} placement="top">
          <ModeButton mode={other} here={other === mode} onMode={onMode} />
        </Hint>
      ))}
      <span className="modes-keys soft">
        <Keys keys="mod+enter" />
      </span>
    </div>
  );
}

function ModeButton({ mode, here, onMode }: { mode: Mode; here: boolean; onMode(mode: Mode): void }) {
  const t = useText();
  return (
    <button
      type="button"
      className={`mode mode-${mode} ${here ? "is-here" : ""}`}
      aria-pressed={here}
      onClick={() => onMode(mode)}
    >
      <Icon name={MODE_SIGNS[mode].icon} size={15} />
      {t(MODE_SIGNS[mode].name)}
    </button>
  );
}

function Length({ over }: { over: number }) {
  const t = useText();
  return over > 0 ? (
    <span className="too-long" role="status">
      {t("tooLong", { n: over })}
    </span>
  ) : null;
}

function useModeCommands(write: (mode: Mode) => void, send: () => void): void {
  useCommands([
    ...MODES.map((mode, at) => ({
      id: `mode-${mode}`,
      name: MODE_SIGNS[mode].name,
      icon: MODE_SIGNS[mode].icon,
      section: "shortcutsComposer" as const,
      keys: `alt+${at + 1}`,
      run: () => write(mode),
    })),
    {
      id: "send",
      name: "submitMessage",
      icon: "send",
      section: "shortcutsComposer",
      keys: "mod+enter",
      run: send,
    },
  ]);
}

type T = ReturnType<typeof useText>;

/** Why this way of answering is not open at all. */
function problemWith(
  mode: Mode,
  about: { ticket: Ticket; customer: User | undefined; emailEnabled: boolean; closed: boolean },
): ((t: T) => string) | null {
  if (about.closed)
    return (t) => t(about.ticket.status === "closed" ? "ticketClosedComposer" : "channelClosed");
  if (mode === "email" && !about.emailEnabled) return (t) => t("emailOff");
  return null;
}

/** Why what was written cannot go yet. */
function whyNot(
  t: T,
  mode: Mode,
  draft: ReturnType<typeof draftOf>,
  over: number,
  customer: User | undefined,
): string | null {
  const length = draft.text.trim().length;
  if (over) return t("tooLong", { n: over });
  if (mode === "email" && !draft.to && !customer?.email) return t("emailMissing");
  if (mode === "call" && !draft.phone && !customer?.phone) return t("callMissing");
  if (!length && !draft.files.length) return t("emptyMessage");
  return null;
}

function withDefaults(mode: Mode, draft: ReturnType<typeof draftOf>, customer: User | undefined) {
  const text = draft.text.trim();
  if (mode === "email") return { ...draft, text, to: draft.to || customer?.email || "" };
  return mode === "call"
    ? { ...draft, text, phone: draft.phone || customer?.phone || "" }
    : { ...draft, text };
}

function placeholderOf(t: T, mode: Mode, ticket: Ticket, customer: User | undefined): string {
  if (mode === "note") return t("notePlaceholder");
  if (mode === "email") return t("emailPlaceholder");
  if (mode === "call") return t("callPlaceholder");
  if (!ticket.conversation_id) return t("replyPlaceholderPlain");
  return t("replyPlaceholder", {
    name: customer?.name ?? t("customer"),
    channel: channelName(t, ticket.via.channel),
  });
}
