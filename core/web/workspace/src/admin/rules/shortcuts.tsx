/** Shortcuts: short texts behind a slash. */
import type { Shortcut } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { Button, Chip, EmptyState, Field, Page, Table, toast, useLoaded } from "../../ui";
import { useDeleteQuestion } from "../parts/act";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { Load } from "../parts/load";
import { RowMenu, RowName } from "../parts/row-menu";
import { TagInput } from "../parts/tag-input";
import { useCommonText } from "../parts/texts";
import { useRulesText } from "./texts";

export function ShortcutsPage() {
  const t = useRulesText();
  const shortcuts = useLoaded("shortcuts", () => api.shortcuts.all());
  const { askDelete, dialog } = useDeleteQuestion();
  const [edited, setEdited] = useState<Shortcut | "new" | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEdited("new")}>
      {t("shortcutNew")}
    </Button>
  );
  const remove = ({ id, name }: Shortcut) =>
    askDelete(`/${name}`, () => api.shortcuts.remove(id), shortcuts.reload);
  return (
    <Page title={t("shortcuts")} intro={t("shortcutsIntro")} actions={add}>
      <Load from={shortcuts}>
        {(all) =>
          all.length ? (
            <ShortcutTable shortcuts={all} onEdit={setEdited} onDelete={remove} />
          ) : (
            <EmptyState
              icon="keyboard"
              title={t("shortcutsEmpty")}
              text={t("shortcutsEmptyText")}
              action={add}
            />
          )
        }
      </Load>
      {edited && (
        <ShortcutDrawer
          shortcut={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            shortcuts.reload();
          }}
        />
      )}
      {dialog}
    </Page>
  );
}

interface TableProps {
  shortcuts: Shortcut[];
  onEdit(shortcut: Shortcut): void;
  onDelete(shortcut: Shortcut): void;
}

function ShortcutTable({ shortcuts, onEdit, onDelete }: TableProps) {
  const t = useRulesText();
  const common = useCommonText();
  return (
    <Table
      label={t("shortcuts")}
      rows={shortcuts}
      keyOf={({ id }) => id}
      columns={[
        {
          id: "name",
          title: t("shortcut"),
          width: "12rem",
          cell: (shortcut) => <RowName name={`/${shortcut.name}`} onPress={() => onEdit(shortcut)} />,
        },
        { id: "message", title: t("message"), cell: ({ message }) => <p className="clamp">{message}</p> },
        {
          id: "tags",
          title: common("tags"),
          cell: ({ tags }) => (
            <div className="chips">
              {tags.map((tag) => (
                <Chip key={tag}>{tag}</Chip>
              ))}
            </div>
          ),
        },
        {
          id: "more",
          title: "",
          width: "3rem",
          align: "end",
          cell: (shortcut) => (
            <RowMenu
              name={`/${shortcut.name}`}
              onEdit={() => onEdit(shortcut)}
              onDelete={() => onDelete(shortcut)}
            />
          ),
        },
      ]}
    />
  );
}

interface DrawerProps {
  shortcut: Shortcut | null;
  onSaved(): void;
  onClose(): void;
}

function ShortcutDrawer({ shortcut, onSaved, onClose }: DrawerProps) {
  const t = useRulesText();
  const common = useCommonText();
  const { name = "", message = "", tags = [] } = shortcut ?? {};
  const form = useForm({ name, message, tags });
  const { draft, change, about } = form;
  const save = async () => {
    const { create, update } = api.shortcuts;
    if (!(await form.submit((now) => (shortcut ? update(shortcut.id, now) : create(now))))) return;
    toast({ kind: "done", text: common("saved") });
    onSaved();
  };
  return (
    <FormDrawer
      title={shortcut ? t("shortcutEdit", { name }) : t("shortcutNew")}
      form={form}
      fields={["name", "message"]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Field
        label={t("shortcutName")}
        help={t("shortcutNameHelp")}
        value={draft.name}
        onChange={(word) => change({ name: word.replace(/^\//, "") })}
        error={about("name")}
        monospace
        isRequired
        autoFocus
      />
      <Field
        label={t("message")}
        help={t("placeholders")}
        value={draft.message}
        onChange={(text) => change({ message: text })}
        error={about("message")}
        rows={6}
        isRequired
      />
      <TagInput
        label={common("tags")}
        help={common("tagsHelp")}
        tags={draft.tags}
        onChange={(words) => change({ tags: words })}
      />
    </FormDrawer>
  );
}
