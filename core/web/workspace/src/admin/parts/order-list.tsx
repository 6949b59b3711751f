/** A list whose order matters: rows are dragged, or moved with the keyboard from their handle. */
import type { ReactNode } from "react";
import { Button, GridList, GridListItem, useDragAndDrop } from "react-aria-components";
import { Icon } from "../../ui";
import { useCommonText } from "./texts";

interface Props<T> {
  label: string;
  items: readonly T[];
  keyOf(item: T): string;
  nameOf(item: T): string;
  onOrder(items: T[]): void;
  children(item: T): ReactNode;
}

export function OrderList<T extends object>({ label, items, keyOf, nameOf, onOrder, children }: Props<T>) {
  const t = useCommonText();
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": String(key) })),
    onReorder: ({ keys, target }) => {
      const moved = items.filter((item) => keys.has(keyOf(item)));
      const rest = items.filter((item) => !keys.has(keyOf(item)));
      const at = rest.findIndex((item) => keyOf(item) === target.key);
      const place = target.dropPosition === "after" ? at + 1 : at;
      onOrder([...rest.slice(0, place), ...moved, ...rest.slice(place)]);
    },
  });
  return (
    <GridList
      aria-label={label}
      className="order-list"
      selectionMode="none"
      keyboardNavigationBehavior="tab"
      dragAndDropHooks={dragAndDropHooks}
    >
      {items.map((item) => (
        <GridListItem key={keyOf(item)} id={keyOf(item)} textValue={nameOf(item)} className="order-row">
          <Button slot="drag" className="order-grip" aria-label={t("drag", { name: nameOf(item) })}>
            <Icon name="grip" />
          </Button>
          {children(item)}
        </GridListItem>
      ))}
    </GridList>
  );
}
