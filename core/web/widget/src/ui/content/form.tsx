/** Forms in a conversation, their answers, and the form before a conversation. */
import { useId, useRef, useState } from "preact/hooks";
import type { OpenConversation, ShownMessage } from "../../engine/engine";
import type { Content, FormAnswer, FormField } from "../../engine/wire";
import { useEngine } from "../context";
import { Avatar, Icon } from "../icons";
import { clean, safeMedia } from "../links";
import { type AnyField, answerOf, type Problem, problemOf } from "./fields";
import "../styles/forms.css";

/** What was filled in and not sent, by message: a row that is scrolled out of sight is taken down. The last 20 forms. */
const unsent = new Map<string, Record<string, string>>();
const MAX_UNSENT = 20;

function keep(id: string, values: Record<string, string>) {
  unsent.delete(id);
  unsent.set(id, values);
  if (unsent.size > MAX_UNSENT) unsent.delete(unsent.keys().next().value as string);
}

export function Form({
  message,
  conversation,
}: {
  message: ShownMessage;
  conversation: OpenConversation;
  newest: boolean;
}) {
  const { t } = useEngine();
  const content = message.content as Content & { type: "form" };
  if (content.submitted || message.answered) {
    return (
      <p class="bubble form-done">
        <Icon name="check" size={18} />
        {t("formSent")}
      </p>
    );
  }
  return (
    <div class="form-card">
      <Fields
        id={message.id}
        fields={content.fields}
        act={t("formSend")}
        onSend={(values) =>
          conversation.sendForm(
            message,
            content.fields.map((field: FormField) => answerOf(field, values[field.name] ?? "")),
          )
        }
      />
    </div>
  );
}

export function Prechat({ conversation }: { conversation: OpenConversation }) {
  const { t, config } = useEngine();
  const settings = config.value;
  const name = clean(settings?.businessName || settings?.appName || "") || t("business");
  return (
    <div class="prechat">
      <Avatar
        name={name}
        url={safeMedia(settings?.prechat.avatarUrl) ?? safeMedia(settings?.businessIconUrl)}
        size="large"
      />
      <h2>{t("prechatTitle")}</h2>
      <Fields
        id="prechat"
        fields={settings?.prechat.fields ?? []}
        act={t("prechatStart")}
        onSend={(values) => conversation.fillPrechat(values)}
      />
    </div>
  );
}

interface FieldsProps {
  id: string;
  fields: AnyField[];
  act: string;
  onSend(values: Record<string, string>): Promise<void>;
}

function Fields({ id, fields, act, onSend }: FieldsProps) {
  const { t } = useEngine();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<Record<string, string>>(unsent.get(id) ?? {});
  const [tried, setTried] = useState(false);
  const [state, setState] = useState<"idle" | "sending">("idle");
  const [refused, setRefused] = useState("");
  const problems = fields.map((field) => problemOf(field, values[field.name] ?? ""));
  const wrong = problems.filter(Boolean).length;

  const set = (name: string, value: string) => {
    const next = { ...values, [name]: value };
    setValues(next);
    keep(id, next);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (state === "sending") return;
    setTried(true);
    setRefused("");
    const first = problems.findIndex(Boolean);
    if (first >= 0) {
      form.current?.querySelectorAll<HTMLElement>("input, select")[first]?.focus();
      return;
    }
    setState("sending");
    const filled = Object.fromEntries(
      fields.map(({ name }) => [name, (values[name] ?? "").trim()]).filter(([, value]) => value),
    );
    onSend(filled)
      .then(() => unsent.delete(id))
      .catch((reason: unknown) =>
        setRefused(reason instanceof Error && reason.message ? reason.message : t("formFailed")),
      )
      .finally(() => setState("idle"));
  };
  return (
    <form ref={form} class="fields" noValidate onSubmit={submit}>
      {fields.map((field, index) => (
        <Field
          field={field}
          value={values[field.name] ?? ""}
          problem={tried ? (problems[index] ?? null) : null}
          onChange={set}
        />
      ))}
      <p class="problem" role="alert">
        {refused || (tried && wrong ? t("formErrors", { n: wrong }) : "")}
      </p>
      <button type="submit" class="button filled wide" aria-disabled={state === "sending"}>
        {state === "sending" ? t("formSending") : act}
      </button>
    </form>
  );
}

interface FieldProps {
  field: AnyField;
  value: string;
  problem: Problem | null;
  onChange(name: string, value: string): void;
}

const EMAIL_INPUT = { type: "email", autocomplete: "email" } as const;
const TEXT_INPUT = { type: "text", autocomplete: "on" } as const;

function Field({ field, value, problem, onChange }: FieldProps) {
  const { t } = useEngine();
  const id = useId();
  const common = {
    id,
    value,
    "aria-invalid": problem !== null,
    "aria-required": field.required !== false,
    "aria-describedby": problem ? `${id}-problem` : undefined,
  };
  const placeholder = "placeholder" in field ? clean(field.placeholder ?? "") : "";
  return (
    <div class={problem ? "labelled wrong" : "labelled"}>
      <label for={id} dir="auto">
        {clean(field.label)}
        {field.required === false && <span class="optional"> ({t("formOptional")})</span>}
      </label>
      {field.type === "select" ? (
        <select {...common} onChange={(event) => onChange(field.name, event.currentTarget.value)}>
          <option value="">{placeholder || t("formChoose")}</option>
          {field.options.map((option) => (
            <option value={option.name}>{clean(option.label)}</option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          dir="auto"
          {...(field.type === "email" ? EMAIL_INPUT : TEXT_INPUT)}
          placeholder={placeholder}
          onInput={(event) => onChange(field.name, event.currentTarget.value)}
        />
      )}
      {problem && (
        <p id={`${id}-problem`} class="problem">
          <Icon name="warning" size={15} />
          {t(problem.key, problem.n === undefined ? undefined : { n: problem.n })}
        </p>
      )}
    </div>
  );
}

export function FormAnswers({ content }: { content: Content & { type: "formResponse" } }) {
  const { t } = useEngine();
  return (
    <div class="bubble">
      <dl class="answers" aria-label={t("formAnswers")}>
        {content.fields.map((answer) => (
          <div>
            <dt dir="auto">{clean(answer.label)}</dt>
            <dd dir="auto">{clean(said(answer))}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function said(answer: FormAnswer): string {
  if (answer.type === "text") return answer.text;
  return answer.type === "email" ? answer.email : answer.select.map((option) => option.label).join(", ");
}
