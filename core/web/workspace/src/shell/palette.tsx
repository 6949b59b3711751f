/** The command palette: every command that there is now, found by typing. */
import { useState } from "react";
import {
  Dialog as AriaDialog,
  Autocomplete,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from "react-aria-components";
import { useCommandList, useCommands } from "../commands/commands";
import { useKeyboard } from "../commands/keyboard";
import { acceptOffer } from "../desk/actions";
import { desk, useDesk } from "../desk/desk";
import { titleIn } from "../desk/stock";
import { tabBeside, useTabs } from "../desk/tabs";
import { useText } from "../i18n";
import { Icon, Keys } from "../ui";
import { go, ticketPath } from "./go";
import { SEARCH_ID } from "./search-box";
import { closeAndGo } from "./tabs";

export function Palette() {
  const [open, setOpen] = useState(false);
  useKeyboard();
  useGeneralCommands(() => setOpen(true));
  return (
    <ModalOverlay className="veil veil-middle" isOpen={open} isDismissable onOpenChange={setOpen}>
      <Modal className="modal modal-middle palette">
        <PaletteBody onClose={() => setOpen(false)} />
      </Modal>
    </ModalOverlay>
  );
}

function PaletteBody({ onClose }: { onClose(): void }) {
  const t = useText();
  const { contains } = useFilter({ sensitivity: "base" });
  // What the page at hand offers comes first.
  const commands = useCommandList((state) => state.groups)
    .toReversed()
    .flat();
  const views = useDesk((state) => state.views) ?? [];
  const entries = [
    ...commands
      .filter((command) => !command.listedOnly)
      .map((command) => ({ ...command, name: t(command.name) })),
    ...views.map((view) => ({
      id: `view-${view.id}`,
      name: `${t("views")}: ${titleIn(t, view.title)}`,
      icon: "views" as const,
      keys: undefined,
      run: () => go(`/views/${view.id}`),
    })),
  ];
  const run = (id: string) => {
    onClose();
    // The focus goes back to where it was before the command takes it elsewhere.
    setTimeout(() => entries.find((entry) => entry.id === id)?.run(), 30);
  };
  return (
    <AriaDialog className="dialog" aria-label={t("palette")}>
      <Autocomplete filter={contains}>
        <SearchField aria-label={t("palettePlaceholder")} autoFocus className="palette-field">
          <Icon name="search" />
          <Input className="palette-input" placeholder={t("palettePlaceholder")} />
        </SearchField>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <div className="palette-scroll" tabIndex={0}>
          <Menu
            className="menu palette-menu"
            aria-label={t("palette")}
            items={entries}
            onAction={(id) => run(String(id))}
            renderEmptyState={() => <p className="options-empty">{t("paletteEmpty")}</p>}
          >
            {(entry) => (
              <MenuItem id={entry.id} textValue={entry.name} className="menu-entry">
                <Icon name={entry.icon ?? "right"} size={16} />
                <span className="grow cut">{entry.name}</span>
                {entry.keys && <Keys keys={entry.keys} />}
              </MenuItem>
            )}
          </Menu>
        </div>
      </Autocomplete>
    </AriaDialog>
  );
}

function useGeneralCommands(openPalette: () => void): void {
  const toTab = (step: 1 | -1) => {
    const id = tabBeside(step);
    if (id !== null) go(ticketPath(id));
  };
  const acceptFirst = () => {
    const offer = desk().offers.find((offer) => Date.parse(offer.expires_at) > Date.now());
    if (offer) void acceptOffer(offer);
  };
  const closeCurrent = () => {
    const { current } = useTabs.getState();
    if (current !== null) closeAndGo(current);
  };
  useCommands([
    {
      id: "palette",
      name: "openPalette",
      section: "shortcutsGeneral",
      keys: "mod+k",
      icon: "bolt",
      run: openPalette,
    },
    {
      id: "accept",
      name: "acceptOffer",
      section: "shortcutsGeneral",
      keys: "alt+a",
      icon: "inbox",
      run: acceptFirst,
    },
    {
      id: "search",
      name: "goToSearch",
      section: "shortcutsGeneral",
      keys: "/",
      icon: "search",
      run: () => document.getElementById(SEARCH_ID)?.focus(),
    },
    {
      id: "views",
      name: "goToViews",
      section: "shortcutsGeneral",
      keys: "g v",
      icon: "views",
      run: () => go("/views"),
    },
    {
      id: "tab-next",
      name: "nextTab",
      section: "shortcutsGeneral",
      keys: "]",
      icon: "right",
      run: () => toTab(1),
    },
    {
      id: "tab-back",
      name: "previousTab",
      section: "shortcutsGeneral",
      keys: "[",
      icon: "left",
      run: () => toTab(-1),
    },
    {
      id: "tab-close",
      name: "closeTabAction",
      section: "shortcutsGeneral",
      keys: "alt+w",
      icon: "close",
      run: closeCurrent,
    },
  ]);
}
