/** Questions that visitors answer before their first message. */
import { Button, Checkbox, Field, IconButton, Section, Select, Switch } from "../../ui";
import { type Keyed, keyed, replaced } from "../parts/keyed";
import { asWritten, TagInput } from "../parts/tag-input";
import type { PrechatQuestion } from "./draft";
import type { PartProps } from "./parts";
import { useWidgetText } from "./texts";

const MOST_QUESTIONS = 10;
const FIRST: PrechatQuestion[] = [
  { type: "text", name: "name", label: "", required: true, options: [] },
  { type: "email", name: "email", label: "", required: true, options: [] },
];

export function PrechatSection({ draft, onChange }: PartProps) {
  const t = useWidgetText();
  const { questions } = draft;
  const add = () => {
    const model = FIRST[questions.length] ?? { ...FIRST[0], name: `question_${questions.length + 1}` };
    onChange({ questions: [...questions, keyed(model as PrechatQuestion)] });
  };
  return (
    <Section title={t("prechat")} intro={t("prechatIntro")}>
      <Switch isSelected={draft.prechatEnabled} onChange={(on) => onChange({ prechatEnabled: on })}>
        {t("prechatOn")}
      </Switch>
      {draft.prechatEnabled && (
        <div className="builder">
          {questions.map((question) => (
            <Question
              key={question.key}
              question={question}
              onChange={(part) => onChange({ questions: replaced(questions, question.key, part) })}
              onRemove={() => onChange({ questions: questions.filter(({ key }) => key !== question.key) })}
            />
          ))}
          <div>
            <Button size="small" icon="plus" isDisabled={questions.length >= MOST_QUESTIONS} onPress={add}>
              {t("prechatAdd")}
            </Button>
          </div>
        </div>
      )}
    </Section>
  );
}

interface Props {
  question: Keyed<PrechatQuestion>;
  onChange(part: Partial<PrechatQuestion>): void;
  onRemove(): void;
}

function Question({ question, onChange, onRemove }: Props) {
  const t = useWidgetText();
  return (
    <fieldset className="question">
      <legend className="hidden">{question.label || t("prechatLabel")}</legend>
      <div className="question-row">
        <Field
          label={t("prechatLabel")}
          value={question.label}
          onChange={(label) => onChange({ label })}
          isRequired
        />
        <Select
          label={t("prechatType")}
          options={(["text", "email", "select"] as const).map((id) => ({ id, name: t(`prechatType_${id}`) }))}
          value={question.type}
          onChange={(type) => onChange({ type: type as PrechatQuestion["type"] })}
        />
        <Field
          label={t("prechatName")}
          value={question.name}
          onChange={(name) => onChange({ name: name.replace(/\s+/g, "_") })}
          monospace
        />
        <IconButton icon="trash" label={t("prechatRemove", { label: question.label })} onPress={onRemove} />
      </div>
      {question.type === "select" && (
        <TagInput
          label={t("prechatOptions")}
          tags={question.options}
          onChange={(options) => onChange({ options })}
          clean={asWritten}
        />
      )}
      <Checkbox isSelected={question.required} onChange={(required) => onChange({ required })}>
        {t("prechatRequired")}
      </Checkbox>
    </fieldset>
  );
}
