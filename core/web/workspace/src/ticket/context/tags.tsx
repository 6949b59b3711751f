/** The tags of a ticket: written with Enter, comma or space, removed one by one. */
import { type KeyboardEvent, useId, useState } from "react";
import { changeTicket } from "../../desk/actions";
import type { Ticket } from "../../desk/wire";
import { useText } from "../../i18n";
import { Icon } from "../../ui";

const MAX_TAG = 80;

export function Tags({ ticket, isDisabled }: { ticket: Ticket; isDisabled: boolean }) {
  const t = useText();
  const [word, setWord] = useState("");
  const id = useId();
  const add = () => {
    const tag = tagOf(word);
    setWord("");
    if (tag && !ticket.tags.includes(tag)) void changeTicket(ticket.id, { tags: [...ticket.tags, tag] });
  };
  const remove = (tag: string) =>
    void changeTicket(ticket.id, { tags: ticket.tags.filter((other) => other !== tag) });
  const onKeyDown = (event: KeyboardEvent) => {
    const last = ticket.tags.at(-1);
    if (["Enter", ",", " "].includes(event.key)) {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && !word && last) remove(last);
  };
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {t("tags")}
      </label>
      <div className="tags input">
        {ticket.tags.map((tag) => (
          <span key={tag} className="tag">
            <span className="cut">{tag}</span>
            {!isDisabled && (
              <button
                type="button"
                className="tag-remove"
                aria-label={t("removeTag", { tag })}
                onClick={() => remove(tag)}
              >
                <Icon name="close" size={12} />
              </button>
            )}
          </span>
        ))}
        <input
          id={id}
          className="tag-input"
          value={word}
          disabled={isDisabled}
          maxLength={MAX_TAG}
          placeholder={ticket.tags.length ? "" : t("addTag")}
          onChange={(event) => setWord(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
      </div>
    </div>
  );
}

/** Tags are lower case, without white space, as the gateway keeps them. */
export function tagOf(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s,]+/g, "_");
}
