/** The list above the text field while a shortcut or a colleague is being chosen. */

import { useText } from "../../i18n";
import type { Asked } from "./suggest";

export interface Suggestion {
  id: string;
  name: string;
  detail: string;
  /** What is put into the text. */
  text: string;
}

export const SUGGESTIONS_ID = "suggestions";
export const suggestionId = (id: string) => `suggestion-${id}`;

interface Props {
  asked: Asked;
  suggestions: readonly Suggestion[];
  at: number;
  onChoose(suggestion: Suggestion): void;
}

export function Suggestions({ asked, suggestions, at, onChoose }: Props) {
  const t = useText();
  return (
    <div className="suggestions">
      {suggestions.length === 0 ? (
        <p className="options-empty">{asked.sign === "/" ? t("shortcutsEmpty") : t("nothingFound")}</p>
      ) : (
        <div id={SUGGESTIONS_ID} role="listbox" aria-label={t("shortcuts")}>
          {suggestions.map((suggestion, index) => (
            <div
              key={suggestion.id}
              id={suggestionId(suggestion.id)}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={index === at ? "suggestion is-here" : "suggestion"}
              // The text field keeps the focus.
              onPointerDown={(event) => {
                event.preventDefault();
                onChoose(suggestion);
              }}
            >
              <strong>
                {asked.sign}
                {suggestion.name}
              </strong>
              <span className="soft cut">{suggestion.detail}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
