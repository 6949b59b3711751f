/** What visitors will see, drawn with the widget's own style sheet and colours out of the settings as they are entered. */
import { type CSSProperties, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { palette } from "../../../../widget/src/ui/colour";
import { languageOf, usePreferences } from "../../preferences/preferences";
import type { WidgetDraft } from "./draft";
import { Drawing } from "./drawing";
import { Stage } from "./stage";
import { useWidgetText } from "./texts";

type Look = "light" | "dark";
type Screen = "chat" | "prechat";

export function Preview({ draft }: { draft: WidgetDraft }) {
  const t = useWidgetText();
  const [chosen, setLook] = useState<Look>("light");
  const [screen, setScreen] = useState<Screen>("chat");
  const language = usePreferences((state) => languageOf(state));
  const look = draft.theme === "auto" ? chosen : draft.theme;
  const colours = palette(draft, look) as CSSProperties;
  return (
    <aside className="widget-preview" aria-label={t("preview")}>
      <div className="widget-preview-bar">
        <Choice<Look>
          label={t("theme")}
          value={look}
          isDisabled={draft.theme !== "auto"}
          onChange={setLook}
          options={[
            ["light", t("previewLight")],
            ["dark", t("previewDark")],
          ]}
        />
        {draft.prechatEnabled && (
          <Choice<Screen>
            label={t("preview")}
            value={screen}
            onChange={setScreen}
            options={[
              ["chat", t("previewChat")],
              ["prechat", t("previewPrechat")],
            ]}
          />
        )}
      </div>
      <Stage label={t("previewLabel")}>
        <div className={`scene at-${draft.position} as-${draft.displayStyle} in-${look}`} style={colours}>
          <div className="frame">
            <Drawing
              draft={draft}
              look={look}
              language={language}
              asks={draft.prechatEnabled && screen === "prechat"}
            />
          </div>
          <div className="near">
            {draft.proactiveText && <span className="word">{draft.proactiveText}</span>}
            <span className="open">
              {draft.buttonIconUrl ? <img src={draft.buttonIconUrl} alt="" /> : <i />}
            </span>
          </div>
        </div>
      </Stage>
      <p className="help">{t("previewHint")}</p>
    </aside>
  );
}

interface ChoiceProps<Id extends string> {
  label: string;
  value: Id;
  isDisabled?: boolean;
  options: [Id, string][];
  onChange(id: Id): void;
}

function Choice<Id extends string>({ label, value, isDisabled, options, onChange }: ChoiceProps<Id>) {
  return (
    <ToggleButtonGroup
      className="segments"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      isDisabled={isDisabled}
      selectedKeys={[value]}
      onSelectionChange={([id]) => onChange(id as Id)}
    >
      {options.map(([id, name]) => (
        <ToggleButton key={id} id={id} className="segment">
          {name}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
