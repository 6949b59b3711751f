/** Who is in control of a conversation that begins on a channel. */
import { Select, useLoaded } from "../../ui";
import { ownApp } from "./house";
import { useChannelText } from "./texts";

export interface Responder {
  id: string;
  name: string;
}

const DEFAULT = "default";

/** The seats of the switchboard; none where there is no switchboard. */
export function useResponders(): Responder[] {
  const seats = useLoaded("responders", async () => {
    const { switchboards } = await ownApp();
    const [board] = await switchboards.all();
    return board ? switchboards.seats(board.id) : [];
  });
  return seats.data ?? [];
}

interface Props {
  responders: readonly Responder[];
  value: string | null;
  onChange(id: string | null): void;
}

export function ResponderSelect({ responders, value, onChange }: Props) {
  const t = useChannelText();
  if (!responders.length) return null;
  return (
    <Select
      label={t("responder")}
      help={t("responderHelp")}
      options={[
        { id: DEFAULT, name: t("responderDefault") },
        ...responders.map(({ id, name }) => ({ id, name })),
      ]}
      value={value ?? DEFAULT}
      onChange={(id) => onChange(id === DEFAULT ? null : id)}
    />
  );
}
