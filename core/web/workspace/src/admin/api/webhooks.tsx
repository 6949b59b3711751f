/** Programs that listen, with their webhooks. */
import type { Integration, Webhook } from "@passerelle/client";
import { Link } from "wouter";
import { EmptyState, Icon, Page, Table, useLoaded } from "../../ui";
import { ownApp } from "../channels/house";
import { IntegrationState } from "../channels/integrations";
import { isApiClient, nameOf } from "../channels/kinds";
import { Load } from "../parts/load";
import { NewLink } from "../rules/rule-list";
import { useApiText } from "./texts";

const BASE = "/admin/webhooks";

interface Listening {
  client: Integration;
  webhooks: Webhook[];
}

export function WebhooksPage() {
  const t = useApiText();
  const listening = useLoaded<Listening[]>("webhooks", async () => {
    const app = await ownApp();
    const clients = (await app.integrations.all()).filter(isApiClient);
    return Promise.all(
      clients.map(async (client) => ({ client, webhooks: await app.webhooks(client.id).all() })),
    );
  });
  const add = <NewLink to={`${BASE}/new`} name={t("clientNew")} />;
  return (
    <Page title={t("webhooks")} intro={t("webhooksIntro")} actions={add}>
      <Load from={listening}>
        {(all) =>
          all.length ? (
            <Table
              label={t("webhooks")}
              rows={all}
              keyOf={({ client }) => client.id}
              columns={[
                {
                  id: "client",
                  title: t("client"),
                  cell: ({ client }) => (
                    <div className="row-person">
                      <span className="tile-sign">
                        <Icon name="key" />
                      </span>
                      <Link href={`${BASE}/${client.id}`} className="row-name">
                        {nameOf(client)}
                      </Link>
                    </div>
                  ),
                },
                {
                  id: "targets",
                  title: t("target"),
                  cell: ({ webhooks }) => <Targets webhooks={webhooks} />,
                },
                {
                  id: "state",
                  title: "",
                  width: "9rem",
                  cell: ({ client }) => <IntegrationState integration={client} />,
                },
              ]}
            />
          ) : (
            <EmptyState
              icon="outside"
              title={t("webhooksEmpty")}
              text={t("webhooksEmptyText")}
              action={add}
            />
          )
        }
      </Load>
    </Page>
  );
}

function Targets({ webhooks }: { webhooks: Webhook[] }) {
  const t = useApiText();
  return (
    <ul className="plain-list wrapping">
      {webhooks.map(({ id, target, triggers }) => (
        <li key={id}>
          <span className="mono">{target}</span>
          <span className="soft small">{t("triggersCount", { n: triggers.length })}</span>
        </li>
      ))}
    </ul>
  );
}
