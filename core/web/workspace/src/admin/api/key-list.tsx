/** Keys of the app or of one API client: made, shown once, revoked. */
import type { AppKey, Client } from "@passerelle/client";
import { useState } from "react";
import { Button, EmptyState, Field, Table, useLoaded } from "../../ui";
import { useConfirm } from "../parts/act";
import { CopyBox, ShownOnce } from "../parts/copy";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { Load } from "../parts/load";
import { useCommonText } from "../parts/texts";
import { useApiText } from "./texts";

export type KeysDoor = () => Promise<ReturnType<Client["app"]>["keys"]>;

interface Props {
  /** Whose keys they are. */
  door: KeysDoor;
  /** Whether the form for a new one stands open. */
  makes: boolean;
  onMakes(makes: boolean): void;
}

export function KeyList({ door, makes, onMakes }: Props) {
  const t = useApiText();
  const keys = useLoaded("keys", async () => (await door()).all());
  const [made, setMade] = useState<AppKey | null>(null);
  return (
    <>
      <Load from={keys} lines={3}>
        {(all) =>
          all.length ? (
            <KeyTable keys={all} door={door} onRevoked={keys.reload} />
          ) : (
            <EmptyState icon="key" title={t("keysEmpty")} text={t("keysEmptyText")} />
          )
        }
      </Load>
      {makes && (
        <KeyDrawer
          door={door}
          onClose={() => onMakes(false)}
          onMade={(key) => {
            onMakes(false);
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
    </>
  );
}

function KeyTable({ keys, door, onRevoked }: { keys: AppKey[]; door: KeysDoor; onRevoked(): void }) {
  const t = useApiText();
  const { ask, dialog } = useConfirm();
  const revoke = ({ id, displayName: name }: AppKey) =>
    ask({
      title: t("keyRevokeTitle", { name }),
      text: t("keyRevokeText"),
      action: t("keyRevoke"),
      act: async () => (await door()).remove(id),
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

function KeyDrawer({
  door,
  onMade,
  onClose,
}: {
  door: KeysDoor;
  onMade(key: AppKey): void;
  onClose(): void;
}) {
  const t = useApiText();
  const common = useCommonText();
  const form = useForm({ name: "" });
  const save = async () => {
    let made: AppKey | null = null;
    const isDone = await form.submit(async ({ name }) => {
      made = await (await door()).create(name);
    });
    if (isDone && made) onMade(made);
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
