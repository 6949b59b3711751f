/** Makes a text in several languages, or changes it. */
import type { ContentItem, ContentVariant } from "@passerelle/client";
import { api } from "../../desk/api";
import { Button, Checkbox, Field, IconButton, toast } from "../../ui";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { type Keyed, keyed, plain, replaced } from "../parts/keyed";
import { useCommonText } from "../parts/texts";
import { useRulesText } from "./texts";

interface Props {
  item: ContentItem | null;
  onSaved(): void;
  onClose(): void;
}

interface Draft {
  name: string;
  default_locale: string;
  variants: Keyed<ContentVariant>[];
}

export function ContentDrawer({ item, onSaved, onClose }: Props) {
  const t = useRulesText();
  const common = useCommonText();
  const form = useForm<Draft>(() => draftOf(item));
  const { draft, change, about } = form;
  const save = async () => {
    const { create, update } = api.contents;
    const isDone = await form.submit(({ variants, ...words }) => {
      const wire = { ...words, variants: variants.map(plain) };
      return item ? update(item.id, wire) : create(wire);
    });
    if (!isDone) return;
    toast({ kind: "done", text: common("saved") });
    onSaved();
  };
  return (
    <FormDrawer
      title={item ? t("contentEdit", { name: item.name }) : t("contentNew")}
      form={form}
      fields={["name"]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Field
        label={t("contentName")}
        help={t("contentNameHelp")}
        value={draft.name}
        onChange={(name) => change({ name: name.replace(/\s+/g, "_") })}
        error={about("name")}
        monospace
        isRequired
        autoFocus
      />
      <Variants draft={draft} onChange={change} />
    </FormDrawer>
  );
}

function Variants({ draft, onChange }: { draft: Draft; onChange(part: Partial<Draft>): void }) {
  const t = useRulesText();
  const { variants, default_locale: first } = draft;
  const rename = (variant: Keyed<ContentVariant>, locale: string) =>
    onChange({
      variants: replaced(variants, variant.key, { locale }),
      ...(variant.locale === first && { default_locale: locale }),
    });
  return (
    <fieldset className="builder">
      <legend className="builder-title">{t("variants")}</legend>
      {variants.map((variant) => (
        <div key={variant.key} className="question">
          <div className="variant-row">
            <Field
              label={t("variantLocale")}
              value={variant.locale}
              onChange={(locale) => rename(variant, locale.trim())}
              monospace
            />
            <Checkbox
              isSelected={variant.locale === first}
              onChange={() => onChange({ default_locale: variant.locale })}
            >
              {t("variantDefault")}
            </Checkbox>
            <IconButton
              icon="trash"
              label={t("variantRemove", { locale: variant.locale })}
              isDisabled={variants.length === 1}
              onPress={() => onChange({ variants: variants.filter(({ key }) => key !== variant.key) })}
            />
          </div>
          <Field
            label={t("variantText")}
            value={variant.content}
            onChange={(content) => onChange({ variants: replaced(variants, variant.key, { content }) })}
            rows={3}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon="plus"
          onPress={() => onChange({ variants: [...variants, keyed({ locale: "", content: "" })] })}
        >
          {t("variantAdd")}
        </Button>
      </div>
    </fieldset>
  );
}

function draftOf(item: ContentItem | null): Draft {
  if (!item) return { name: "", default_locale: "en", variants: [keyed({ locale: "en", content: "" })] };
  const variants = item.variants.map(({ locale, content }) => keyed({ locale, content }));
  return { name: item.name, default_locale: item.default_locale, variants };
}
