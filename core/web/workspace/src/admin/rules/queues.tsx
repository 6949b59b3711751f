/** Queues, in the order in which they are asked. */
import type { Group, Queue } from "@passerelle/client";
import { Link, useLocation } from "wouter";
import { api } from "../../desk/api";
import { useTitles } from "../../desk/stock";
import { Chip, EmptyState, type MenuEntry, Page, useLoaded } from "../../ui";
import { useAct, useDeleteQuestion } from "../parts/act";
import { shifted } from "../parts/keyed";
import { Load } from "../parts/load";
import { OrderList } from "../parts/order-list";
import { nameIn } from "../parts/people";
import { RowMenu } from "../parts/row-menu";
import { useCommonText } from "../parts/texts";
import { movedIn } from "./order";
import { NewLink } from "./rule-list";
import { RuleSummary } from "./summary";
import { useRulesText } from "./texts";

const BASE = "/admin/queues";

export function QueuesPage() {
  const t = useRulesText();
  const queues = useLoaded("queues", () => api.queues.all());
  const add = <NewLink to={`${BASE}/new`} name={t("queueNew")} />;
  return (
    <Page title={t("queues")} intro={t("queuesIntro")} actions={add}>
      <Load from={queues}>
        {(all) =>
          all.length ? (
            <QueueRows queues={all} onChange={queues.set} />
          ) : (
            <EmptyState icon="list" title={t("queuesEmpty")} text={t("queuesEmptyText")} action={add} />
          )
        }
      </Load>
    </Page>
  );
}

function QueueRows({ queues, onChange }: { queues: Queue[]; onChange(queues: Queue[]): void }) {
  const t = useRulesText();
  const common = useCommonText();
  const [, go] = useLocation();
  const act = useAct();
  const titled = useTitles();
  const { askDelete, dialog } = useDeleteQuestion();
  const definitions = useLoaded("definitions", () => api.queues.definitions());
  const groups = useLoaded("groups", () => api.groups.all());
  const reorder = async (next: Queue[]) => {
    onChange(next);
    const place = (id: string, order: number) => api.queues.update(id, { order });
    const order = () => movedIn(place)(next.map(({ id, order: position }) => ({ id, position })));
    if (!(await act(order, common("moved")))) onChange(queues);
  };
  const remove = ({ id, name }: Queue) => {
    const forget = () => onChange(queues.filter((one) => one.id !== id));
    askDelete(titled(name), () => api.queues.remove(id), forget);
  };
  const moves = (queue: Queue): MenuEntry[] => {
    const move = (by: -1 | 1) => () => void reorder(shifted(queues, queue, by));
    const at = queues.indexOf(queue);
    const isLast = at === queues.length - 1;
    return [
      { id: "up", name: common("moveUp"), icon: "up", disabled: at === 0, onAction: move(-1) },
      { id: "down", name: common("moveDown"), icon: "down", disabled: isLast, onAction: move(1) },
    ];
  };
  return (
    <>
      <OrderList
        label={t("queues")}
        items={queues}
        keyOf={({ id }) => String(id)}
        nameOf={({ name }) => titled(name)}
        onOrder={(next) => void reorder(next)}
      >
        {(queue) => (
          <>
            <span className="order-number">{queues.indexOf(queue) + 1}</span>
            <div className="grow">
              <Link href={`${BASE}/${queue.id}`} className="row-name">
                {titled(queue.name)}
              </Link>
              <RuleSummary conditions={queue.definition} definitions={definitions.data} />
            </div>
            <Groups queue={queue} groups={groups.data ?? []} />
            <RowMenu
              name={titled(queue.name)}
              onEdit={() => go(`${BASE}/${queue.id}`)}
              others={moves(queue)}
              onDelete={() => remove(queue)}
            />
          </>
        )}
      </OrderList>
      {dialog}
    </>
  );
}

interface GroupsProps {
  queue: Queue;
  groups: readonly Group[];
}

function Groups({ queue: { primary_groups: first, secondary_groups: then }, groups }: GroupsProps) {
  return (
    <div className="chips">
      {first.groups.map(({ id }) => (
        <Chip key={id} tone="accent">
          {nameIn(groups, id)}
        </Chip>
      ))}
      {then.groups.map(({ id }) => (
        <Chip key={id} icon="right">
          {nameIn(groups, id)}
        </Chip>
      ))}
    </div>
  );
}
