/** What every rule begins with: its title, what it is for, and whether it is on. */
import { Field, Section, Switch } from "../../ui";
import { useCommonText } from "../parts/texts";

export interface HeadingDraft {
  title: string;
  description: string;
  active: boolean;
}

interface Named {
  title: string;
  description?: string | null;
  active: boolean;
}

/** Of a kept rule, of a copy of one, or of nothing yet. */
export function headingOf(
  item: Named | null,
  model: Named | null,
  t: ReturnType<typeof useCommonText>,
): HeadingDraft {
  const title = item ? item.title : model ? t("copyOf", { title: model.title }) : "";
  return { title, description: model?.description ?? "", active: item?.active ?? true };
}

interface Props {
  draft: HeadingDraft;
  onChange(part: Partial<HeadingDraft>): void;
  about(field: string): string | undefined;
  /** Automations have none. */
  withDescription?: boolean;
  children?: React.ReactNode;
}

export function Heading({ draft, onChange, about, withDescription = true, children }: Props) {
  const t = useCommonText();
  return (
    <Section title={t("name")}>
      <div className="form">
        <Field
          label={t("title")}
          value={draft.title}
          onChange={(title) => onChange({ title })}
          error={about("title")}
          isRequired
          autoFocus={!draft.title}
        />
        {withDescription && (
          <Field
            label={t("description")}
            help={t("descriptionHelp")}
            value={draft.description}
            onChange={(description) => onChange({ description })}
            error={about("description")}
          />
        )}
        {children}
        <Switch isSelected={draft.active} onChange={(active) => onChange({ active })}>
          {t("active")}
        </Switch>
      </div>
    </Section>
  );
}
