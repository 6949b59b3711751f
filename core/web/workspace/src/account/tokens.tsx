/** Tokens with which programs act for the agent: made, shown once, deleted. */
import type { ApiToken } from "@passerelle/client";
import { useState } from "react";
import { useDeleteQuestion } from "../admin/parts/act";
import { ShownOnce } from "../admin/parts/copy";
import { FormDrawer } from "../admin/parts/drawer";
import { useForm } from "../admin/parts/form";
import { Load } from "../admin/parts/load";
import { useCommonText } from "../admin/parts/texts";
import { api } from "../desk/api";
import { useFormat } from "../i18n";
import { useMe } from "../session/session";
import { Button, EmptyState, Field, IconButton, Page, Table, useLoaded } from "../ui";
import { useAccountText } from "./texts";

export function TokensPage() {
  const t = useAccountText();
  const me = useMe();
  const tokens = useLoaded("tokens", () => api.me.tokens.all());
  const [makes, setMakes] = useState(false);
  const [made, setMade] = useState<ApiToken | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setMakes(true)}>
      {t("tokenNew")}
    </Button>
  );
  return (
    <Page title={t("tokens")} intro={t("tokensIntro")} actions={add}>
      <Load from={tokens}>
        {(all) =>
          all.length ? (
            <TokenTable tokens={all} onDeleted={tokens.reload} />
          ) : (
            <EmptyState icon="key" title={t("tokensEmpty")} text={t("tokensEmptyText")} action={add} />
          )
        }
      </Load>
      {makes && (
        <TokenDrawer
          onClose={() => setMakes(false)}
          onMade={(token) => {
            setMakes(false);
            setMade(token);
            tokens.reload();
          }}
        />
      )}
      {made?.token && (
        <ShownOnce
          title={t("tokenMade", { name: made.description })}
          label={t("token")}
          secret={made.token}
          onClose={() => setMade(null)}
        >
          <p>{t("tokenUse", { email: me.email })}</p>
        </ShownOnce>
      )}
    </Page>
  );
}

function TokenTable({ tokens, onDeleted }: { tokens: ApiToken[]; onDeleted(): void }) {
  const t = useAccountText();
  const common = useCommonText();
  const { dateTime, ago } = useFormat();
  const { askDelete, dialog } = useDeleteQuestion();
  return (
    <>
      <Table
        label={t("tokens")}
        rows={tokens}
        keyOf={({ id }) => id}
        columns={[
          { id: "for", title: t("tokenFor"), cell: ({ description }) => <strong>{description}</strong> },
          { id: "made", title: t("created"), cell: ({ created_at }) => dateTime(created_at) },
          {
            id: "used",
            title: t("tokenLast"),
            cell: ({ last_used_at: used }) =>
              used ? ago(used) : <span className="soft">{t("tokenNever")}</span>,
          },
          {
            id: "more",
            title: "",
            width: "3rem",
            align: "end",
            cell: ({ id, description }) => (
              <IconButton
                icon="trash"
                size="small"
                label={`${common("delete")}: ${description}`}
                onPress={() => askDelete(description, () => api.me.deleteToken(id), onDeleted)}
              />
            ),
          },
        ]}
      />
      {dialog}
    </>
  );
}

function TokenDrawer({ onMade, onClose }: { onMade(token: ApiToken): void; onClose(): void }) {
  const t = useAccountText();
  const common = useCommonText();
  const form = useForm({ description: "" });
  const save = async () => {
    let made: ApiToken | null = null;
    const isDone = await form.submit(async ({ description }) => {
      made = await api.me.createToken(description);
    });
    if (isDone && made) onMade(made);
  };
  return (
    <FormDrawer
      title={t("tokenNew")}
      action={common("create")}
      form={form}
      fields={["description"]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Field
        label={t("tokenFor")}
        help={t("tokenForHelp")}
        value={form.draft.description}
        onChange={(description) => form.change({ description })}
        error={form.about("description")}
        isRequired
        autoFocus
      />
    </FormDrawer>
  );
}
