/** Makes a custom status, or changes it. */
import type { AgentStatus, StatusCategory } from "@passerelle/client";
import { api } from "../../desk/api";
import { Field, Select, toast } from "../../ui";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { useCommonText } from "../parts/texts";
import { usePeopleText } from "./texts";

const CATEGORIES: StatusCategory[] = ["online", "away", "transfers_only", "offline"];

interface Props {
  status: AgentStatus | null;
  onSaved(): void;
  onClose(): void;
}

export function StatusDrawer({ status, onSaved, onClose }: Props) {
  const t = usePeopleText();
  const common = useCommonText();
  const form = useForm({
    name: status?.name ?? "",
    description: status?.description ?? "",
    status_category: status?.status_category ?? ("away" as StatusCategory),
  });
  const { draft, change, about } = form;
  const save = async () => {
    const { updateStatus, createStatus } = api.availability;
    if (!(await form.submit((now) => (status ? updateStatus(status.id, now) : createStatus(now))))) return;
    toast({ kind: "done", text: status ? common("saved") : common("createdDone", { name: draft.name }) });
    onSaved();
  };
  return (
    <FormDrawer
      title={status ? t("statusEdit", { name: status.name }) : t("statusNew")}
      form={form}
      fields={["name", "description", "status_category"]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Field
        label={common("name")}
        value={draft.name}
        onChange={(name) => change({ name })}
        error={about("name")}
        isRequired
        autoFocus
      />
      <Field
        label={common("description")}
        value={draft.description}
        onChange={(description) => change({ description })}
        error={about("description")}
      />
      <Select
        label={t("behaves")}
        value={draft.status_category}
        onChange={(category) => change({ status_category: category as StatusCategory })}
        help={t(`categoryHelp_${draft.status_category}`)}
        error={about("status_category")}
        options={CATEGORIES.map((category) => ({
          id: category,
          name: t(`category_${category}`),
          detail: t(`categoryHelp_${category}`),
        }))}
      />
    </FormDrawer>
  );
}
