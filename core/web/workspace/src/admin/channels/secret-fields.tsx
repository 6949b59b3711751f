/** Secrets of an integration: they can be written and never read. */
import type { PluginSecret } from "@passerelle/client";
import { Field, Section } from "../../ui";
import { useChannelText } from "./texts";

interface Props {
  secrets: readonly PluginSecret[];
  isNew: boolean;
  values: Record<string, string>;
  onChange(values: Record<string, string>): void;
}

export function SecretFields({ secrets, isNew, values, onChange }: Props) {
  const t = useChannelText();
  if (!secrets.length) return null;
  return (
    <Section title={t("secrets")} intro={t("secretsIntro")}>
      <div className="form">
        {secrets.map(({ name, description, required, generate }) => (
          <Field
            key={name}
            label={name}
            type="password"
            autoComplete="new-password"
            monospace
            isRequired={isNew && required && !generate}
            help={
              <>
                {description} <em>{generate && isNew ? t("secretGenerated") : !isNew && t("secretKeep")}</em>
              </>
            }
            value={values[name] ?? ""}
            onChange={(secret) => onChange({ ...values, [name]: secret })}
          />
        ))}
      </div>
    </Section>
  );
}
