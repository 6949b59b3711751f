/** A menu that opens from a button. */
import type { ReactElement, ReactNode } from "react";
import {
  Menu as AriaMenu,
  Header,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from "react-aria-components";
import { Icon, type IconName } from "./icons";
import { Keys } from "./keys";

export interface MenuEntry {
  id: string;
  name: string;
  detail?: string;
  icon?: IconName;
  sign?: ReactNode;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Ticked, in a menu that chooses. */
  chosen?: boolean;
  onAction(): void;
}

export interface MenuPart {
  id: string;
  title?: string;
  entries: MenuEntry[];
}

interface Props {
  label: string;
  parts: MenuPart[];
  children: ReactElement;
  placement?: "bottom start" | "bottom end" | "top start" | "top end" | "right bottom";
}

export function Menu({ label, parts, children, placement = "bottom end" }: Props) {
  const entries = parts.flatMap((part) => part.entries);
  return (
    <MenuTrigger>
      {children}
      <Popover className="popover" placement={placement} offset={4}>
        <AriaMenu
          className="menu"
          aria-label={label}
          disabledKeys={entries.filter((entry) => entry.disabled).map((entry) => entry.id)}
          onAction={(id) => entries.find((entry) => entry.id === id)?.onAction()}
        >
          {parts
            .filter((part) => part.entries.length)
            .map((part, at) => (
              <Part key={part.id} part={part} first={at === 0} label={label} />
            ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

function Part({ part, first, label }: { part: MenuPart; first: boolean; label: string }) {
  return (
    <>
      {!first && <Separator className="menu-line" />}
      <MenuSection aria-label={part.title ? undefined : label} className="menu-part">
        {part.title && <Header className="menu-title">{part.title}</Header>}
        {part.entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </MenuSection>
    </>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  return (
    <MenuItem
      id={entry.id}
      textValue={entry.name}
      className={`menu-entry ${entry.danger ? "menu-entry-danger" : ""}`}
    >
      {entry.sign ?? (entry.icon && <Icon name={entry.icon} size={16} />)}
      <span className="grow">
        <span className="menu-name">{entry.name}</span>
        {entry.detail && <span className="menu-detail">{entry.detail}</span>}
      </span>
      {entry.chosen && <Icon name="check" size={16} />}
      {entry.keys && <Keys keys={entry.keys} />}
    </MenuItem>
  );
}
