/** One API client: its webhooks, what they delivered and what they did not. */
import type { Integration, Webhook } from "@passerelle/client";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { Button, Icon, Page, Section, Table, useLoaded } from "../../ui";
import { ownApp } from "../channels/house";
import { IntegrationState, useIntegrationActs } from "../channels/integrations";
import { nameOf } from "../channels/kinds";
import { useDeleteQuestion } from "../parts/act";
import { ShownOnce } from "../parts/copy";
import { Load } from "../parts/load";
import { HeadMenu, RowMenu, RowName } from "../parts/row-menu";
import { Attempts } from "./attempts";
import { DeadLetters } from "./dead-letters";
import { KeyList } from "./key-list";
import { useApiText } from "./texts";
import { WebhookDrawer } from "./webhook-drawer";

const BASE = "/admin/webhooks";

interface Known {
  client: Integration;
  webhooks: Webhook[];
}

export function ClientPage({ params }: { params: Record<string, string> }) {
  const t = useApiText();
  const { id = "" } = params;
  const known = useLoaded<Known>(id, async () => {
    const app = await ownApp();
    const [client, webhooks] = await Promise.all([app.integrations.get(id), app.webhooks(id).all()]);
    return { client, webhooks };
  });
  const client = known.data?.client;
  return (
    <Page
      title={client ? nameOf(client) : t("client")}
      intro={t("client")}
      actions={
        <>
          {client && <Acts client={client} onChanged={known.reload} />}
          <Link href={BASE} className="button button-plain link-button">
            <Icon name="back" size={16} />
            {t("webhooks")}
          </Link>
        </>
      }
    >
      <Load from={known}>
        {({ webhooks }) => (
          <>
            <Webhooks client={id} webhooks={webhooks} onChanged={known.reload} />
            <Keys client={id} />
            {webhooks.map((webhook) => (
              <Attempts key={webhook.id} client={id} webhook={webhook} several={webhooks.length > 1} />
            ))}
            {webhooks.map((webhook) => (
              <DeadLetters key={webhook.id} client={id} webhook={webhook} several={webhooks.length > 1} />
            ))}
          </>
        )}
      </Load>
    </Page>
  );
}

function Acts({ client, onChanged }: { client: Integration; onChanged(): void }) {
  const [, go] = useLocation();
  const { entries, remove, dialog } = useIntegrationActs(onChanged, () => go(BASE));
  return (
    <>
      <IntegrationState integration={client} />
      <HeadMenu name={nameOf(client)} others={entries(client)} onDelete={() => remove(client)} />
      {dialog}
    </>
  );
}

/** With them the program calls the API as itself. */
function Keys({ client }: { client: string }) {
  const t = useApiText();
  const [makes, setMakes] = useState(false);
  return (
    <Section
      title={t("keys")}
      intro={t("clientKeysIntro")}
      actions={
        <Button icon="plus" onPress={() => setMakes(true)}>
          {t("keyNew")}
        </Button>
      }
    >
      <KeyList door={async () => (await ownApp()).keysOf(client)} makes={makes} onMakes={setMakes} />
    </Section>
  );
}

function Webhooks({
  client,
  webhooks,
  onChanged,
}: {
  client: string;
  webhooks: Webhook[];
  onChanged(): void;
}) {
  const t = useApiText();
  const { askDelete, dialog } = useDeleteQuestion();
  const [edited, setEdited] = useState<Webhook | "new" | null>(null);
  const [shown, setShown] = useState<Webhook | null>(null);
  const remove = ({ id, target }: Webhook) => {
    const act = async () => (await ownApp()).webhooks(client).remove(id);
    askDelete(target, act, onChanged, t("webhookDeleteText", { target }));
  };
  return (
    <Section
      title={t("webhooks")}
      actions={
        <Button icon="plus" onPress={() => setEdited("new")}>
          {t("webhookNew")}
        </Button>
      }
    >
      <Table
        label={t("webhooks")}
        rows={webhooks}
        keyOf={({ id }) => id}
        columns={[
          {
            id: "target",
            title: t("target"),
            cell: (webhook) => <RowName name={webhook.target} onPress={() => setEdited(webhook)} />,
          },
          {
            id: "triggers",
            title: t("triggers"),
            cell: ({ triggers }) => <span className="soft small">{triggers.join(", ")}</span>,
          },
          {
            id: "more",
            title: "",
            width: "3rem",
            align: "end",
            cell: (webhook) => (
              <RowMenu
                name={webhook.target}
                onEdit={() => setEdited(webhook)}
                others={
                  webhook.secret
                    ? [
                        {
                          id: "secret",
                          name: t("showSecret"),
                          icon: "eye",
                          onAction: () => setShown(webhook),
                        },
                      ]
                    : []
                }
                onDelete={() => remove(webhook)}
              />
            ),
          },
        ]}
      />
      {edited && (
        <WebhookDrawer
          client={client}
          webhook={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={(made) => {
            setEdited(null);
            setShown(made);
            onChanged();
          }}
        />
      )}
      {shown?.secret && (
        <ShownOnce
          title={t("secretTitle")}
          label={t("secret")}
          secret={shown.secret}
          again
          onClose={() => setShown(null)}
        >
          <p>{t("secretText")}</p>
        </ShownOnce>
      )}
      {dialog}
    </Section>
  );
}
