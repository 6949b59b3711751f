/** What every webhook has: its address, its events, its options. */
import type { Webhook, WebhookDraft } from "@passerelle/client";
import { Checkbox, Field } from "../../ui";
import { EVENT_GROUPS } from "./events";
import { useApiText } from "./texts";

export interface WebhookFields {
  target: string;
  triggers: string[];
  ordered: boolean;
  includeFullUser: boolean;
  includeFullSource: boolean;
}

export function webhookFields(webhook: Webhook | null): WebhookFields {
  return {
    target: webhook?.target ?? "",
    triggers: webhook?.triggers ?? ["conversation:message"],
    ordered: webhook?.ordered ?? true,
    includeFullUser: webhook?.includeFullUser ?? false,
    includeFullSource: webhook?.includeFullSource ?? false,
  };
}

interface Props {
  draft: WebhookFields;
  onChange(part: WebhookDraft): void;
}

export function WebhookForm({ draft, onChange }: Props) {
  const t = useApiText();
  return (
    <>
      <Field
        label={t("target")}
        help={t("targetHelp")}
        type="url"
        value={draft.target}
        onChange={(target) => onChange({ target })}
        placeholder="https://"
        monospace
        isRequired
      />
      <Events chosen={draft.triggers} onChange={(triggers) => onChange({ triggers })} />
      <fieldset className="form">
        <legend className="builder-title">{t("options")}</legend>
        <Checkbox isSelected={draft.ordered} onChange={(ordered) => onChange({ ordered })}>
          {t("ordered")}
        </Checkbox>
        <Checkbox isSelected={draft.includeFullUser} onChange={(on) => onChange({ includeFullUser: on })}>
          {t("fullUser")}
        </Checkbox>
        <Checkbox isSelected={draft.includeFullSource} onChange={(on) => onChange({ includeFullSource: on })}>
          {t("fullSource")}
        </Checkbox>
      </fieldset>
    </>
  );
}

/** Events that this page does not know stay chosen. */
function Events({ chosen, onChange }: { chosen: readonly string[]; onChange(events: string[]): void }) {
  const t = useApiText();
  return (
    <>
      {EVENT_GROUPS.map(({ id, events }) => (
        <fieldset key={id}>
          <legend className="builder-title">{t(`group_${id}`)}</legend>
          <div className="ticks ticks-wide">
            {events.map((event) => (
              <Checkbox
                key={event}
                isSelected={chosen.includes(event)}
                onChange={(on) => onChange(on ? [...chosen, event] : chosen.filter((one) => one !== event))}
              >
                <span className="mono">{event}</span>
              </Checkbox>
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}
