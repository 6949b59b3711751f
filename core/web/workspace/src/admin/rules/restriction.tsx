/** Who may use a view or a macro: everybody, or one group. */
import type { Group, Restriction } from "@passerelle/client";
import { Select } from "../../ui";
import { useCommonText } from "../parts/texts";
import { useRulesText } from "./texts";

interface Props {
  groups: readonly Group[];
  value: Restriction | null;
  onChange(value: Restriction | null): void;
}

const EVERYBODY = "everybody";

export function RestrictionSelect({ groups, value, onChange }: Props) {
  const t = useRulesText();
  const common = useCommonText();
  const options = [
    { id: EVERYBODY, name: common("everybody") },
    ...groups.map(({ id, name }) => ({ id: String(id), name: t("whoGroup", { name }) })),
  ];
  return (
    <Select
      label={t("who")}
      options={options}
      value={value?.type === "Group" ? String(value.id) : EVERYBODY}
      onChange={(id) => onChange(id === EVERYBODY ? null : { type: "Group", id: Number(id) })}
    />
  );
}
