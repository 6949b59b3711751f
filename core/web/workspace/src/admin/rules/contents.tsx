/** Dynamic content: texts in several languages behind one placeholder. */
import type { ContentItem } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { Button, Chip, EmptyState, Page, Table, useLoaded } from "../../ui";
import { useDeleteQuestion } from "../parts/act";
import { Load } from "../parts/load";
import { RowMenu, RowName } from "../parts/row-menu";
import { ContentDrawer } from "./content-drawer";
import { useRulesText } from "./texts";

export function ContentsPage() {
  const t = useRulesText();
  const contents = useLoaded("contents", () => api.contents.all());
  const { askDelete, dialog } = useDeleteQuestion();
  const [edited, setEdited] = useState<ContentItem | "new" | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEdited("new")}>
      {t("contentNew")}
    </Button>
  );
  const remove = ({ id, name }: ContentItem) =>
    askDelete(name, () => api.contents.remove(id), contents.reload);
  return (
    <Page title={t("contents")} intro={t("contentsIntro")} actions={add}>
      <Load from={contents}>
        {(all) =>
          all.length ? (
            <ContentTable contents={all} onEdit={setEdited} onDelete={remove} />
          ) : (
            <EmptyState icon="globe" title={t("contentsEmpty")} text={t("contentsEmptyText")} action={add} />
          )
        }
      </Load>
      {edited && (
        <ContentDrawer
          item={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            contents.reload();
          }}
        />
      )}
      {dialog}
    </Page>
  );
}

interface TableProps {
  contents: ContentItem[];
  onEdit(item: ContentItem): void;
  onDelete(item: ContentItem): void;
}

function ContentTable({ contents, onEdit, onDelete }: TableProps) {
  const t = useRulesText();
  return (
    <Table
      label={t("contents")}
      rows={contents}
      keyOf={({ id }) => id}
      columns={[
        {
          id: "name",
          title: t("content"),
          cell: (item) => (
            <RowName name={item.name} detail={defaultText(item)} onPress={() => onEdit(item)} />
          ),
        },
        {
          id: "placeholder",
          title: t("placeholder"),
          cell: ({ placeholder }) => <span className="mono">{placeholder}</span>,
        },
        {
          id: "languages",
          title: t("languages"),
          cell: ({ variants, default_locale: first }) => (
            <div className="chips">
              {variants.map(({ locale }) => (
                <Chip key={locale} tone={locale === first ? "accent" : "neutral"}>
                  {locale}
                </Chip>
              ))}
            </div>
          ),
        },
        {
          id: "more",
          title: "",
          width: "3rem",
          align: "end",
          cell: (item) => (
            <RowMenu name={item.name} onEdit={() => onEdit(item)} onDelete={() => onDelete(item)} />
          ),
        },
      ]}
    />
  );
}

const MOST = 90;

function defaultText({ variants, default_locale: first }: ContentItem): string {
  const text = variants.find(({ locale }) => locale === first)?.content ?? "";
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
