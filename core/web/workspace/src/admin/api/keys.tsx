/** Keys of the app: made, shown once, revoked. */
import type { AppKey } from "@passerelle/client";
import { useState } from "react";
import { Button, EmptyState, Field, Page, Table, toast, useLoaded } from "../../ui";
import { ownApp } from "../channels/house";
import { useConfirm } from "../parts/act";
import { CopyBox, ShownOnce } from "../parts/copy";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { Load } from "../parts/load";
import { useCommonText } from "../parts/texts";
import { useApiText } from "./texts";

export function KeysPage() {
  const t = useApiText();
  const keys = useLoaded("keys", async () => (await ownApp()).keys.all());
  const [makes, setMakes] = useState(false);
  const [made, setMade] = useState<AppKey | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setMakes(true)}>
      {t("keyNew")}
    </Button>
  );
  return (
    <Page title={t("keys")} intro={t("keysIntro")} actions={add}>
      <Load from={keys}>
        {(all) =>
          all.length ? (
            <KeyTable keys={all} onRevoked={keys.reload} />
          ) : (
            <EmptyState icon="key" title={t("keysEmpty")} text={t("keysEmptyText")} action={add} />
          )
        }
      </Load>
      {makes && (
        <KeyDrawer
          onClose={() => setMakes(false)}
          onMade={(key) => {
            setMakes(false);
            setMade(key);
            keys.reload();
          }}
        />
      )}
      {made?.secret && (
        <ShownOnce
          title={t("keyMade", { name: made.displayName })}
          label={t("keySecret")}
          secret={made.secret}
          onClose={() => setMade(null)}
        >
          <CopyBox label={t("keyId")} text={made.id} />
        </ShownOnce>
      )}
    </Page>
  );
}

function KeyTable({ keys, onRevoked }: { keys: AppKey[]; onRevoked(): void }) {
  const t = useApiText();
  const { ask, dialog } = useConfirm();
  const revoke = ({ id, displayName: name }: AppKey) =>
    ask({
      title: t("keyRevokeTitle", { name }),
      text: t("keyRevokeText"),
      action: t("keyRevoke"),
      act: async () => (await ownApp()).keys.remove(id),
      done: t("keyRevoked", { name }),
      after: onRevoked,
    });
  return (
    <>
      <Table
        label={t("keys")}
        rows={keys}
        keyOf={({ id }) => id}
        columns={[
          { id: "name", title: t("key"), cell: ({ displayName }) => <strong>{displayName}</strong> },
          { id: "id", title: t("keyId"), cell: ({ id }) => <span className="mono">{id}</span> },
          {
            id: "more",
            title: "",
            width: "8rem",
            align: "end",
            cell: (key) => (
              <Button
                size="small"
                onPress={() => revoke(key)}
                aria-label={`${t("keyRevoke")}: ${key.displayName}`}
              >
                {t("keyRevoke")}
              </Button>
            ),
          },
        ]}
      />
      {dialog}
    </>
  );
}

function KeyDrawer({ onMade, onClose }: { onMade(key: AppKey): void; onClose(): void }) {
  const t = useApiText();
  const common = useCommonText();
  const form = useForm({ name: "" });
  const save = async () => {
    let made: AppKey | null = null;
    const isDone = await form.submit(async ({ name }) => {
      made = await (await ownApp()).keys.create(name);
    });
    if (!isDone || !made) return;
    toast({ kind: "done", text: common("createdDone", { name: form.draft.name }) });
    onMade(made);
  };
  return (
    <FormDrawer
      title={t("keyNew")}
      action={common("create")}
      form={form}
      fields={[]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Field
        label={t("keyName")}
        help={t("keyNameHelp")}
        value={form.draft.name}
        onChange={(name) => form.change({ name })}
        maxLength={100}
        isRequired
        autoFocus
      />
    </FormDrawer>
  );
}
