/** A colour: a swatch to pick from, and its six digits. */
import { useId } from "react";
import { isColour } from "./draft";
import { useWidgetText } from "./texts";

interface Props {
  label: string;
  help?: string;
  value: string;
  onChange(hex: string): void;
}

export function ColourField({ label, help, value, onChange }: Props) {
  const t = useWidgetText();
  const id = useId();
  const isWrong = !isColour(value);
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <div className="colour">
        <input
          type="color"
          className="colour-swatch"
          aria-label={label}
          value={isWrong ? "#000000" : `#${value}`}
          onChange={(event) => onChange(event.target.value.slice(1))}
        />
        <input
          id={id}
          className="input input-mono"
          value={value}
          maxLength={7}
          aria-invalid={isWrong}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.value.replace(/^#/, "").trim())}
        />
      </div>
      <span id={`${id}-help`} className={isWrong ? "field-error" : "help"}>
        {isWrong ? t("colorWrong") : help}
      </span>
    </div>
  );
}
