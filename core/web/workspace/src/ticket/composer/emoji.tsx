/** Choosing an emoji, by eye or by a word. */
import { useState } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useText } from "../../i18n";
import { Field, IconButton } from "../../ui";
import { EMOJI } from "./emoji-list";

export function EmojiPicker({ onPick }: { onPick(sign: string): void }) {
  const t = useText();
  return (
    <DialogTrigger>
      <IconButton icon="smile" label={t("emoji")} />
      <Popover className="popover" placement="top start" offset={6}>
        <Dialog className="emoji" aria-label={t("emoji")}>
          {({ close }) => (
            <EmojiGrid
              onPick={(sign) => {
                close();
                onPick(sign);
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function EmojiGrid({ onPick }: { onPick(sign: string): void }) {
  const t = useText();
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const found = EMOJI.filter(([, names]) => names.includes(wanted));
  return (
    <>
      <Field
        label={t("emojiSearch")}
        labelHidden
        placeholder={t("emojiSearch")}
        value={words}
        onChange={setWords}
        autoFocus
      />
      <div className="emoji-grid">
        {found.map(([sign, names]) => (
          <button
            key={sign}
            type="button"
            className="emoji-sign"
            aria-label={names}
            onClick={() => onPick(sign)}
          >
            {sign}
          </button>
        ))}
      </div>
      {!found.length && <p className="options-empty">{t("nothingFound")}</p>}
    </>
  );
}
