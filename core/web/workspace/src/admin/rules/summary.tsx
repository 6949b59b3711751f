/** A rule in one or two lines, for lists. */
import type { Action, Conditions, Definitions } from "@passerelle/client";
import { useSay } from "../../desk/rule-words";
import { useRulesText } from "./texts";
import { sayAction, sayCondition } from "./words";

interface Props {
  conditions?: Conditions;
  actions?: readonly Action[];
  definitions: Definitions | null;
}

export function RuleSummary({ conditions, actions, definitions }: Props) {
  const t = useRulesText();
  const say = useSay();
  if (!definitions) return null;
  const all = conditions?.all.map((one) => sayCondition(say, one, definitions.conditions_all)) ?? [];
  const any = conditions?.any.map((one) => sayCondition(say, one, definitions.conditions_any)) ?? [];
  const when = [...all, ...(any.length ? [any.join(` ${t("or")} `)] : [])].join(" · ");
  const then = actions?.map((one) => shortened(sayAction(say, one, definitions.actions))).join(" · ");
  return (
    <span className="row-detail rule-summary">
      {conditions && (
        <>
          {actions && <b>{t("sayWhen")} </b>}
          {when || t("sayAlways")}{" "}
        </>
      )}
      {then && (
        <>
          <b>{t("sayThen")}</b> {then}
        </>
      )}
    </span>
  );
}

const MOST = 70;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}
