/** Looks, words and behaviour of a widget. */
import { Field, Section, Select, Switch } from "../../ui";
import { ColourField } from "./colour-field";
import { retold, type WidgetDraft } from "./draft";
import { useWidgetText } from "./texts";

export interface PartProps {
  draft: WidgetDraft;
  onChange(part: Partial<WidgetDraft>): void;
}

export function LookSection({ draft, onChange }: PartProps) {
  const t = useWidgetText();
  return (
    <Section title={t("look")}>
      <div className="form-pair">
        <ColourField
          label={t("brandColor")}
          help={t("brandColorHelp")}
          value={draft.brandColor}
          onChange={(brandColor) => onChange({ brandColor })}
        />
        <ColourField
          label={t("conversationColor")}
          value={draft.conversationColor}
          onChange={(conversationColor) => onChange({ conversationColor })}
        />
        <ColourField
          label={t("actionColor")}
          value={draft.actionColor}
          onChange={(actionColor) => onChange({ actionColor })}
        />
      </div>
      <div className="form-pair">
        <Select
          label={t("displayStyle")}
          options={(["button", "tab"] as const).map((id) => ({ id, name: t(`style_${id}`) }))}
          value={draft.displayStyle}
          onChange={(style) => onChange({ displayStyle: style as WidgetDraft["displayStyle"] })}
        />
        <Select
          label={t("position")}
          options={(["right", "left"] as const).map((id) => ({ id, name: t(`position_${id}`) }))}
          value={draft.position}
          onChange={(position) => onChange({ position: position as WidgetDraft["position"] })}
        />
        <Select
          label={t("theme")}
          options={(["auto", "light", "dark"] as const).map((id) => ({ id, name: t(`theme_${id}`) }))}
          value={draft.theme}
          onChange={(theme) => onChange({ theme: theme as WidgetDraft["theme"] })}
        />
      </div>
      <div className="form-pair">
        <Field
          label={t("businessIconUrl")}
          help={t("urlHelp")}
          value={draft.businessIconUrl}
          onChange={(businessIconUrl) => onChange({ businessIconUrl })}
          placeholder="https://"
        />
        <Field
          label={t("buttonIconUrl")}
          help={t("urlHelp")}
          value={draft.buttonIconUrl}
          onChange={(buttonIconUrl) => onChange({ buttonIconUrl })}
          placeholder="https://"
        />
      </div>
    </Section>
  );
}

/** The widget's own texts that admins change most; any other can be changed by the API. */
const OWN_TEXTS = [
  { language: "en", key: "title", label: "titleEn" },
  { language: "fr", key: "title", label: "titleFr" },
  { language: "en", key: "composerPlaceholder", label: "placeholderEn" },
  { language: "fr", key: "composerPlaceholder", label: "placeholderFr" },
] as const;

export function WordsSection({ draft, onChange }: PartProps) {
  const t = useWidgetText();
  return (
    <Section title={t("words")}>
      <div className="form-pair">
        <Field
          label={t("displayName")}
          value={draft.displayName}
          onChange={(displayName) => onChange({ displayName })}
        />
        <Field
          label={t("businessName")}
          value={draft.businessName}
          onChange={(businessName) => onChange({ businessName })}
        />
      </div>
      <Field
        label={t("greeting")}
        help={t("greetingHelp")}
        value={draft.greeting}
        onChange={(greeting) => onChange({ greeting })}
        rows={3}
      />
      <div className="form-pair">
        <Field
          label={t("proactive")}
          help={t("proactiveHelp")}
          value={draft.proactiveText}
          onChange={(proactiveText) => onChange({ proactiveText })}
        />
        <Field
          label={t("proactiveDelay")}
          value={draft.proactiveDelay}
          onChange={(proactiveDelay) => onChange({ proactiveDelay })}
          inputMode="numeric"
        />
      </div>
      <div className="form-pair">
        {OWN_TEXTS.map(({ language, key, label }) => (
          <Field
            key={label}
            label={t(label)}
            value={draft.texts[language]?.[key] ?? ""}
            onChange={(words) => onChange({ texts: retold(draft.texts, language, key, words) })}
          />
        ))}
      </div>
    </Section>
  );
}

export function BehaviourSection({ draft, onChange }: PartProps) {
  const t = useWidgetText();
  return (
    <Section title={t("behaviour")}>
      <div className="form">
        <Switch
          isSelected={draft.attachments}
          onChange={(attachments) => onChange({ attachments })}
          help={t("attachmentsHelp")}
        >
          {t("attachments")}
        </Switch>
        <Switch
          isSelected={draft.canUserSeeConversationList}
          onChange={(on) => onChange({ canUserSeeConversationList: on })}
        >
          {t("conversationList")}
        </Switch>
        <Switch
          isSelected={draft.canUserCreateMoreConversations}
          onChange={(on) => onChange({ canUserCreateMoreConversations: on })}
        >
          {t("moreConversations")}
        </Switch>
        <Switch isSelected={draft.satisfaction} onChange={(satisfaction) => onChange({ satisfaction })}>
          {t("satisfaction")}
        </Switch>
        <Switch isSelected={draft.sound} onChange={(sound) => onChange({ sound })}>
          {t("sound")}
        </Switch>
        <Switch isSelected={draft.titleFlash} onChange={(titleFlash) => onChange({ titleFlash })}>
          {t("titleFlash")}
        </Switch>
        <Select
          label={t("storage")}
          options={(["persistent", "session", "none"] as const).map((id) => ({
            id,
            name: t(`storage_${id}`),
          }))}
          value={draft.storage}
          onChange={(storage) => onChange({ storage: storage as WidgetDraft["storage"] })}
        />
      </div>
    </Section>
  );
}
