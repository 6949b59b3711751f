/** Makes a widget, or changes one, with a preview that follows each change. */
import type { Integration } from "@passerelle/client";
import { useLocation } from "wouter";
import { Banner, Page, Section, toast, useLoaded } from "../../ui";
import { ownApp } from "../channels/house";
import { IntegrationState, useIntegrationActs } from "../channels/integrations";
import { nameOf } from "../channels/kinds";
import { CopyBox } from "../parts/copy";
import { useForm } from "../parts/form";
import { FormPage } from "../parts/form-page";
import { Load } from "../parts/load";
import { HeadMenu } from "../parts/row-menu";
import { asWritten, TagInput } from "../parts/tag-input";
import { useCommonText } from "../parts/texts";
import { draftOf, isColour, wireOf } from "./draft";
import { BehaviourSection, LookSection, WordsSection } from "./parts";
import { PrechatSection } from "./prechat";
import { Preview } from "./preview";
import { useWidgetText } from "./texts";

const BASE = "/admin/widget";
const NEW = "new";

export function WidgetPage({ params }: { params: Record<string, string> }) {
  const t = useWidgetText();
  const { id = NEW } = params;
  const widget = useLoaded<{ kept: Integration | null }>(id, async () => ({
    kept: id === NEW ? null : await (await ownApp()).integrations.get(id),
  }));
  if (!widget.data)
    return (
      <Page title={t("widget")}>
        <Load from={widget}>{() => null}</Load>
      </Page>
    );
  const { kept } = widget.data;
  return <WidgetForm key={id} widget={kept} onChanged={(changed) => widget.set({ kept: changed })} />;
}

function WidgetForm({
  widget,
  onChanged,
}: {
  widget: Integration | null;
  onChanged(widget: Integration): void;
}) {
  const t = useWidgetText();
  const common = useCommonText();
  const [, go] = useLocation();
  const form = useForm(() => draftOf(widget));
  const { draft, change } = form;
  const save = async () => {
    if (![draft.brandColor, draft.conversationColor, draft.actionColor].every(isColour))
      return toast({ kind: "error", text: t("colorWrong") });
    let saved: Integration | null = null;
    const isDone = await form.submit(async (now) => {
      const { create, update } = (await ownApp()).integrations;
      saved = widget ? await update(widget.id, wireOf(now, widget)) : await create(wireOf(now, null));
    });
    if (!isDone || !saved) return;
    toast({ kind: "done", text: common("saved") });
    if (widget) onChanged(saved);
    else go(`${BASE}/${(saved as Integration).id}`);
  };
  return (
    <FormPage
      title={widget ? nameOf(widget) : t("widgetNew")}
      intro={t("widgetIntro")}
      form={form}
      back="/admin/integrations"
      fields={[]}
      action={widget ? undefined : t("create")}
      actions={widget && <Acts widget={widget} onChanged={onChanged} />}
      isNew={!widget}
      onSave={() => void save()}
      wide
    >
      <div className="beside-preview">
        <div className="beside-form">
          {widget?.snippet && (
            <Section title={t("snippet")} intro={t("snippetHelp")}>
              <CopyBox label={t("snippet")} labelHidden text={widget.snippet} />
            </Section>
          )}
          <LookSection draft={draft} onChange={change} />
          <WordsSection draft={draft} onChange={change} />
          <BehaviourSection draft={draft} onChange={change} />
          <Section title={t("origins")} intro={t("originsIntro")}>
            {draft.originWhitelist.length === 0 && <Banner kind="warn">{t("originsOpen")}</Banner>}
            <TagInput
              label={t("originsLabel")}
              tags={draft.originWhitelist}
              onChange={(originWhitelist) => change({ originWhitelist })}
              clean={asWritten}
              placeholder="https://shop.example"
            />
          </Section>
          <PrechatSection draft={draft} onChange={change} />
        </div>
        <Preview draft={draft} />
      </div>
    </FormPage>
  );
}

function Acts({ widget, onChanged }: { widget: Integration; onChanged(widget: Integration): void }) {
  const [, go] = useLocation();
  const { entries, remove, dialog } = useIntegrationActs(onChanged, () => go("/admin/integrations"));
  return (
    <>
      <IntegrationState integration={widget} />
      <HeadMenu name={nameOf(widget)} others={entries(widget)} onDelete={() => remove(widget)} />
      {dialog}
    </>
  );
}
