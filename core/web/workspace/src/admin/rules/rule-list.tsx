/** The rows of macros, automations, views and triggers: name, what it does in words, on or off, and what can be done with it. */
import type { Action, Conditions, Definitions } from "@passerelle/client";
import { Link, useLocation } from "wouter";
import { useTitles } from "../../desk/stock";
import { Icon, type MenuEntry, Switch } from "../../ui";
import { useAct, useDeleteQuestion } from "../parts/act";
import { shifted } from "../parts/keyed";
import { OrderList } from "../parts/order-list";
import { RowMenu } from "../parts/row-menu";
import { useCommonText } from "../parts/texts";
import { RuleSummary } from "./summary";
import { useRulesText } from "./texts";

export interface Rule {
  id: number;
  title: string;
  active: boolean;
  conditions?: Conditions;
  actions?: Action[];
}

interface Props<R extends Rule> {
  label: string;
  /** The address of the list; a rule's page is below it. */
  base: string;
  rules: R[];
  definitions: Definitions | null;
  onChange(rules: R[]): void;
  setActive(id: number, active: boolean): Promise<unknown>;
  remove(id: number): Promise<unknown>;
  order(rules: R[]): Promise<unknown>;
  /** More about a rule, at its right. */
  aside?(rule: R): React.ReactNode;
}

export function RuleList<R extends Rule>(props: Props<R>) {
  const { label, base, rules, definitions, onChange, setActive, remove, order, aside } = props;
  const common = useCommonText();
  const t = useRulesText();
  const act = useAct();
  const titled = useTitles();
  const { askDelete, dialog } = useDeleteQuestion();
  const reorder = async (next: R[]) => {
    onChange(next);
    if (!(await act(() => order(next), common("moved")))) onChange(rules);
  };
  const toggle = async (rule: R, active: boolean) => {
    onChange(rules.map((one) => (one.id === rule.id ? { ...one, active } : one)));
    const done = t(active ? "triggerOn" : "triggerOff", { name: titled(rule.title) });
    if (!(await act(() => setActive(rule.id, active), done))) onChange(rules);
  };
  const forget = (rule: R) =>
    askDelete(
      titled(rule.title),
      () => remove(rule.id),
      () => onChange(rules.filter((one) => one.id !== rule.id)),
    );
  return (
    <>
      <OrderList
        label={label}
        items={rules}
        keyOf={(rule) => String(rule.id)}
        nameOf={(rule) => titled(rule.title)}
        onOrder={(next) => void reorder(next)}
      >
        {(rule) => (
          <>
            <span className="order-number">{rules.indexOf(rule) + 1}</span>
            <div className={`grow ${rule.active ? "" : "is-off"}`}>
              <Link href={`${base}/${rule.id}`} className="row-name">
                {titled(rule.title)}
              </Link>
              <RuleSummary conditions={rule.conditions} actions={rule.actions} definitions={definitions} />
            </div>
            {aside?.(rule)}
            <Switch isSelected={rule.active} onChange={(active) => void toggle(rule, active)}>
              <span className="hidden">{t("activeLabel", { name: titled(rule.title) })}</span>
            </Switch>
            <RuleMenu
              rule={rule}
              base={base}
              first={rule === rules[0]}
              last={rule === rules[rules.length - 1]}
              onMove={(by) => void reorder(shifted(rules, rule, by))}
              onDelete={() => forget(rule)}
            />
          </>
        )}
      </OrderList>
      {dialog}
    </>
  );
}

interface MenuProps {
  rule: Rule;
  base: string;
  first: boolean;
  last: boolean;
  onMove(by: -1 | 1): void;
  onDelete(): void;
}

function RuleMenu({ rule, base, first, last, onMove, onDelete }: MenuProps) {
  const t = useCommonText();
  const titled = useTitles();
  const [, go] = useLocation();
  const others: MenuEntry[] = [
    { id: "copy", name: t("duplicate"), icon: "copy", onAction: () => go(`${base}/new?from=${rule.id}`) },
    { id: "up", name: t("moveUp"), icon: "up", disabled: first, onAction: () => onMove(-1) },
    { id: "down", name: t("moveDown"), icon: "down", disabled: last, onAction: () => onMove(1) },
  ];
  return (
    <RowMenu
      name={titled(rule.title)}
      onEdit={() => go(`${base}/${rule.id}`)}
      others={others}
      onDelete={onDelete}
    />
  );
}

/** The way to a page that makes a new one. */
export function NewLink({ to, name }: { to: string; name: string }) {
  return (
    <Link href={to} className="button button-primary link-button">
      <Icon name="plus" size={16} />
      {name}
    </Link>
  );
}
