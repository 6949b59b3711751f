/** What can be done with a row: the usual in a button, the rest in a menu. */
import { IconButton, Menu, type MenuEntry } from "../../ui";
import { useCommonText } from "./texts";

interface Props {
  name: string;
  onEdit?: () => void;
  onDelete?: () => void;
  /** Stand between the two. */
  others?: MenuEntry[];
}

export function RowMenu(props: Props) {
  return <ActsMenu {...props} size="small" />;
}

/** The same in the head of a page. */
export function HeadMenu(props: Props) {
  return <ActsMenu {...props} size="normal" />;
}

function ActsMenu({ name, onEdit, onDelete, others = [], size }: Props & { size: "small" | "normal" }) {
  const t = useCommonText();
  const edit: MenuEntry[] = onEdit ? [{ id: "edit", name: t("edit"), icon: "pencil", onAction: onEdit }] : [];
  const remove: MenuEntry[] = onDelete
    ? [{ id: "delete", name: t("delete"), icon: "trash", danger: true, onAction: onDelete }]
    : [];
  return (
    <Menu
      label={t("more", { name })}
      parts={[
        { id: "main", entries: [...edit, ...others] },
        { id: "end", entries: remove },
      ]}
    >
      <IconButton icon="more" size={size} label={t("more", { name })} />
    </Menu>
  );
}

/** The name of a row as the way to edit it. */
export function RowName({
  name,
  detail,
  onPress,
}: {
  name: string;
  detail?: string | null;
  onPress(): void;
}) {
  return (
    <>
      <button type="button" className="row-name" onClick={onPress}>
        {name}
      </button>
      {detail && <span className="row-detail">{detail}</span>}
    </>
  );
}
