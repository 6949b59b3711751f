/** Where an agent writes: grows with the text, suggests, takes files that are pasted. */
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useDesk } from "../../desk/desk";
import { type Asked, askedAt, replaced } from "./suggest";
import { SUGGESTIONS_ID, type Suggestion, Suggestions, suggestionId } from "./suggestions";

export interface TextBoxControl {
  focus(): void;
  insert(text: string): void;
}

interface Props {
  value: string;
  label: string;
  placeholder: string;
  signs: readonly ("/" | "@")[];
  control: Ref<TextBoxControl>;
  onChange(text: string): void;
  onSubmit(): void;
  onFiles(files: FileList): void;
}

const MOST_SUGGESTED = 8;
const MAX_HEIGHT_SHARE = 0.36;

export function TextBox(props: Props) {
  const { value, onChange } = props;
  const box = useRef<HTMLTextAreaElement>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [at, setAt] = useState(0);
  const caret = useRef<number | null>(null);
  const suggestions = useSuggestions(asked);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.blockSize = "auto";
    element.style.blockSize = `${Math.min(element.scrollHeight + 2, window.innerHeight * MAX_HEIGHT_SHARE)}px`;
    if (caret.current !== null) element.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const put = (text: string, to: number) => {
    caret.current = to;
    setAsked(null);
    onChange(text);
    box.current?.focus();
  };
  useImperativeHandle(props.control, () => ({
    focus: () => box.current?.focus(),
    insert(text) {
      const { selectionStart: from = value.length, selectionEnd: to = value.length } = box.current ?? {};
      put(value.slice(0, from) + text + value.slice(to), from + text.length);
    },
  }));
  const choose = (suggestion: Suggestion) => {
    if (!asked) return;
    const next = replaced(value, asked, suggestion.text);
    put(next.text, next.caret);
  };
  const look = () => {
    const { selectionStart, selectionEnd, value: now } = box.current as HTMLTextAreaElement;
    setAsked(selectionStart === selectionEnd ? askedAt(now, selectionStart, props.signs) : null);
    setAt(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (
      asked &&
      suggestionKey(event, { count: suggestions.length, at, setAt, close: () => setAsked(null) })
    ) {
      const suggestion = suggestions[at];
      if ((event.key === "Enter" || event.key === "Tab") && suggestion) choose(suggestion);
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      props.onSubmit();
    }
    if (event.key === "Escape") document.getElementById("timeline")?.focus();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    props.onFiles(event.clipboardData.files);
  };
  const here = asked ? suggestions[at] : undefined;
  return (
    <div className="text-box">
      {asked && <Suggestions asked={asked} suggestions={suggestions} at={at} onChoose={choose} />}
      <textarea
        ref={box}
        className="text-area"
        rows={2}
        dir="auto"
        value={value}
        aria-label={props.label}
        placeholder={props.placeholder}
        aria-autocomplete="list"
        aria-controls={asked && suggestions.length ? SUGGESTIONS_ID : undefined}
        aria-activedescendant={here ? suggestionId(here.id) : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          look();
        }}
        onClick={look}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={() => setAsked(null)}
      />
    </div>
  );
}

interface ListKeys {
  count: number;
  at: number;
  setAt(at: number): void;
  close(): void;
}

/** What a key does to an open list; true when it was for the list. */
function suggestionKey(event: KeyboardEvent, { count, at, setAt, close }: ListKeys): boolean {
  if (event.key === "Escape") close();
  else if (!count) return false;
  else if (event.key === "ArrowDown") setAt((at + 1) % count);
  else if (event.key === "ArrowUp") setAt((at - 1 + count) % count);
  else if (event.key !== "Enter" && event.key !== "Tab") return false;
  else if (event.ctrlKey || event.metaKey) return false;
  event.preventDefault();
  return true;
}

function useSuggestions(asked: Asked | null): Suggestion[] {
  const shortcuts = useDesk((state) => state.shortcuts);
  const agents = useDesk((state) => state.agents);
  if (!asked) return [];
  const word = asked.word.toLowerCase();
  const all: Suggestion[] =
    asked.sign === "/"
      ? shortcuts.map(({ id, name, message }) => ({ id: String(id), name, detail: message, text: message }))
      : agents.map(({ id, name, email }) => ({
          id: String(id),
          name,
          detail: email,
          text: `@${name.split(" ")[0]}`,
        }));
  const begins = all.filter((one) => one.name.toLowerCase().startsWith(word));
  const holds = all.filter((one) => !begins.includes(one) && one.name.toLowerCase().includes(word));
  return [...begins, ...holds].slice(0, MOST_SUGGESTED);
}
