/** Macros: found by name, shown with all that they will change, applied on a word. */
import { useState } from "react";
import {
  Dialog as AriaDialog,
  Autocomplete,
  DialogTrigger,
  Input,
  Menu,
  MenuItem,
  Popover,
  SearchField,
  useFilter,
} from "react-aria-components";
import { changeTicket } from "../../desk/actions";
import { api } from "../../desk/api";
import { useDesk } from "../../desk/desk";
import { draftOf, type Mode, writeDraft } from "../../desk/drafts";
import type { Macro, Ticket } from "../../desk/wire";
import { useText } from "../../i18n";
import { Button, Dialog, ErrorState, Icon, IconButton, Skeleton, toast, useLoaded } from "../../ui";
import { changeLines } from "./change-lines";
import { type MacroPlan, planOf } from "./macro-changes";

interface Props {
  ticket: Ticket;
  onMode(mode: Mode): void;
  isOpen: boolean;
  onOpen(open: boolean): void;
}

export function MacroMenu({ ticket, onMode, isOpen, onOpen }: Props) {
  const t = useText();
  const [chosen, setChosen] = useState<Macro | null>(null);
  return (
    <>
      <DialogTrigger isOpen={isOpen} onOpenChange={onOpen}>
        <IconButton icon="bolt" label={t("macros")} keys="alt+m" />
        <Popover className="popover macros" placement="top start" offset={6}>
          <AriaDialog className="dialog" aria-label={t("macros")}>
            {({ close }) => (
              <MacroList
                onChoose={(macro) => {
                  close();
                  setChosen(macro);
                }}
              />
            )}
          </AriaDialog>
        </Popover>
      </DialogTrigger>
      {chosen && (
        <MacroPreview ticket={ticket} macro={chosen} onMode={onMode} onClose={() => setChosen(null)} />
      )}
    </>
  );
}

function MacroList({ onChoose }: { onChoose(macro: Macro): void }) {
  const t = useText();
  const macros = useDesk((state) => state.macros);
  const { contains } = useFilter({ sensitivity: "base" });
  return (
    <Autocomplete filter={contains}>
      <SearchField aria-label={t("macrosSearch")} autoFocus className="palette-field">
        <Icon name="search" size={16} />
        <Input className="palette-input" placeholder={t("macrosSearch")} />
      </SearchField>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div className="palette-scroll" tabIndex={0}>
        <Menu
          className="menu palette-menu"
          aria-label={t("macros")}
          items={macros}
          onAction={(id) => {
            const macro = macros.find((other) => other.id === id);
            if (macro) onChoose(macro);
          }}
          renderEmptyState={() => <p className="options-empty">{t("macrosEmpty")}</p>}
        >
          {(macro) => (
            <MenuItem id={macro.id} textValue={macro.title} className="menu-entry">
              <span className="grow">
                {/* Zendesk's way to write folders. */}
                <span className="menu-name">{macro.title.split("::").join(" › ")}</span>
                {macro.description && <span className="menu-detail">{macro.description}</span>}
              </span>
            </MenuItem>
          )}
        </Menu>
      </div>
    </Autocomplete>
  );
}

interface PreviewProps {
  ticket: Ticket;
  macro: Macro;
  onMode(mode: Mode): void;
  onClose(): void;
}

function MacroPreview({ ticket, macro, onMode, onClose }: PreviewProps) {
  const t = useText();
  const result = useLoaded(macro.id, () => api.tickets.applyMacro(ticket.id, macro.id));
  const [busy, setBusy] = useState(false);
  const plan = result.data ? planOf(ticket, result.data) : null;
  const title = macro.title.split("::").at(-1) ?? macro.title;
  const apply = async () => {
    if (!plan) return;
    setBusy(true);
    const done = await applyPlan(ticket.id, plan, onMode);
    setBusy(false);
    if (done) toast({ kind: "done", text: t("macroApplied", { name: title }) });
    if (done) onClose();
  };
  return (
    <Dialog
      title={t("macroPreview", { name: title })}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("cancel")}</Button>
          <Button kind="primary" busy={busy} isDisabled={!plan || isEmpty(plan)} onPress={apply}>
            {t("macroApply")}
          </Button>
        </>
      }
    >
      {result.error ? (
        <ErrorState error={result.error} onRetry={result.reload} />
      ) : plan ? (
        <PlanList ticket={ticket} plan={plan} />
      ) : (
        <Skeleton />
      )}
    </Dialog>
  );
}

const isEmpty = ({ change, comment }: MacroPlan) => !comment && !Object.keys(change).length;

async function applyPlan(ticketId: number, { change, comment }: MacroPlan, onMode: (mode: Mode) => void) {
  if (Object.keys(change).length && !(await changeTicket(ticketId, change))) return false;
  if (comment) {
    const mode = comment.public ? "reply" : "note";
    const before = draftOf(ticketId, mode).text.trimEnd();
    writeDraft(ticketId, mode, { text: before ? `${before}\n${comment.body}` : comment.body });
    onMode(mode);
  }
  return true;
}

function PlanList({ ticket, plan }: { ticket: Ticket; plan: MacroPlan }) {
  const t = useText();
  const names = useDesk();
  if (isEmpty(plan)) return <p>{t("macroNothing")}</p>;
  return (
    <dl className="plan">
      {changeLines(t, ticket, plan.change, names).map((line) => (
        <div key={line.name}>
          <dt>{line.name}</dt>
          <dd>
            <s className="soft">{line.before}</s> <Icon name="right" size={13} />{" "}
            <strong>{line.after}</strong>
          </dd>
        </div>
      ))}
      {plan.comment && (
        <div>
          <dt>{plan.comment.public ? t("macroComment") : t("macroNote")}</dt>
          <dd className={plan.comment.public ? "plan-text" : "plan-text is-note"}>{plan.comment.body}</dd>
        </div>
      )}
    </dl>
  );
}
