/** Tags as chips, with a field to add one. */
import { type KeyboardEvent, useId, useState } from "react";
import { Icon } from "../../ui";
import { useCommonText } from "./texts";

interface Props {
  label: string;
  labelHidden?: boolean;
  help?: string;
  tags: readonly string[];
  onChange(tags: string[]): void;
  /** How a word becomes a tag; tags of tickets are lower case and without spaces. */
  clean?: (word: string) => string;
  placeholder?: string;
}

export function TagInput({ label, labelHidden, help, tags, onChange, clean = tagOf, placeholder }: Props) {
  const t = useCommonText();
  const id = useId();
  const [word, setWord] = useState("");
  const add = () => {
    const tag = clean(word);
    setWord("");
    if (tag && !tags.includes(tag)) onChange([...tags, tag]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === "Enter" || event.key === ",") && word.trim()) {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && !word) onChange(tags.slice(0, -1));
  };
  return (
    <div className="field">
      <label className={labelHidden ? "hidden" : "label"} htmlFor={id}>
        {label}
      </label>
      <div className="input words-box">
        {tags.map((tag) => (
          <span key={tag} className="chip chip-neutral">
            <span className="cut">{tag}</span>
            <button
              type="button"
              className="words-remove"
              aria-label={t("removeTag", { tag })}
              onClick={() => onChange(tags.filter((one) => one !== tag))}
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        <input
          id={id}
          className="words-field"
          value={word}
          placeholder={tags.length ? "" : placeholder}
          onChange={(event) => setWord(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
          aria-describedby={help ? `${id}-help` : undefined}
        />
      </div>
      {help && (
        <span id={`${id}-help`} className="help">
          {help}
        </span>
      )}
    </div>
  );
}

function tagOf(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s,]+/g, "_");
}

/** For addresses and other words that are kept as they are. */
export function asWritten(word: string): string {
  return word.trim().replace(/,$/, "");
}
