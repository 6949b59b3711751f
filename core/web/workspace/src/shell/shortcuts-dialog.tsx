/** The list of all shortcuts, behind `?`. */
import { type Command, type Section, useCommandList, useCommands } from "../commands/commands";
import { useText } from "../i18n";
import { Dialog, Keys } from "../ui";

interface Props {
  isOpen: boolean;
  onClose(): void;
  onOpen(): void;
}

const SECTIONS: Section[] = ["shortcutsGeneral", "shortcutsView", "shortcutsTicket", "shortcutsComposer"];
const listed = { section: "shortcutsView", listedOnly: true, run: () => {} } as const;

export function ShortcutsDialog({ isOpen, onClose, onOpen }: Props) {
  const t = useText();
  useCommands([
    {
      id: "help",
      name: "shortcutsHelp",
      section: "shortcutsGeneral",
      keys: "?",
      icon: "keyboard",
      run: onOpen,
    },
    { id: "row-down", name: "moveDown", keys: "j", ...listed },
    { id: "row-up", name: "moveUp", keys: "k", ...listed },
    { id: "row-choose", name: "selectRow", keys: "x", ...listed },
    { id: "row-open", name: "openRow", keys: "enter", ...listed },
  ]);
  const commands = useCommandList((state) => state.groups)
    .flat()
    .filter((command) => command.keys);
  return (
    <Dialog title={t("shortcutsHelp")} isOpen={isOpen} onClose={onClose} size="wide">
      <div className="keys-list">
        {SECTIONS.map((section) => (
          <SectionList
            key={section}
            section={section}
            commands={commands.filter((c) => c.section === section)}
          />
        ))}
      </div>
    </Dialog>
  );
}

function SectionList({ section, commands }: { section: Section; commands: readonly Command[] }) {
  const t = useText();
  if (!commands.length) return null;
  return (
    <section>
      <h3 className="keys-title">{t(section)}</h3>
      <dl>
        {commands.map((command) => (
          <div key={command.id} className="keys-row">
            <dt>{t(command.name)}</dt>
            <dd>
              <Keys keys={command.keys ?? ""} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
