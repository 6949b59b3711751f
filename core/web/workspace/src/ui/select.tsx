/** Choosing one of a few (Select), or one of many by typing (Combo). */
import type { ReactNode } from "react";
import {
  Select as AriaSelect,
  Button,
  ComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from "react-aria-components";
import { Icon } from "./icons";

export interface Option {
  id: string;
  name: string;
  /** A second, quieter line. */
  detail?: string;
  sign?: ReactNode;
}

interface Props {
  label: string;
  options: readonly Option[];
  value: string | null;
  onChange(id: string): void;
  labelHidden?: boolean;
  placeholder?: string;
  help?: ReactNode;
  error?: string | null | undefined;
  isDisabled?: boolean;
  isRequired?: boolean;
  className?: string;
}

export function Select(props: Props) {
  const { label, options, value, onChange, labelHidden, help, error, className = "", ...rest } = props;
  return (
    <AriaSelect
      {...rest}
      className={`field ${className}`}
      value={value}
      onChange={(id) => id !== null && onChange(String(id))}
      isInvalid={Boolean(error)}
    >
      <Label className={labelHidden ? "hidden" : "label"}>{label}</Label>
      <Button className="input select-button">
        <SelectValue className="select-value cut" />
        <Icon name="down" size={16} />
      </Button>
      <Help help={help} error={error} />
      <Popover className="popover popover-list" offset={4}>
        <ListBox className="options" items={options}>
          {(option) => <OptionRow option={option} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

interface ComboProps extends Props {
  /** Called while the agent types, when the options come from the server. */
  onSearch?(words: string): void;
  emptyText: string;
  autoFocus?: boolean;
}

export function Combo(props: ComboProps) {
  const { label, options, value, onChange, onSearch, labelHidden, help, error, emptyText, placeholder } =
    props;
  return (
    <ComboBox
      className={`field ${props.className ?? ""}`}
      isDisabled={props.isDisabled}
      defaultItems={onSearch ? undefined : options}
      items={onSearch ? options : undefined}
      defaultInputValue={options.find((option) => option.id === value)?.name ?? ""}
      value={value}
      onChange={(id) => id !== null && onChange(String(id))}
      onInputChange={onSearch}
      allowsEmptyCollection
      menuTrigger="focus"
      isInvalid={Boolean(error)}
    >
      <Label className={labelHidden ? "hidden" : "label"}>{label}</Label>
      <span className="combo">
        <Input className="input" placeholder={placeholder} autoFocus={props.autoFocus} />
        <Button className="combo-button">
          <Icon name="down" size={16} />
        </Button>
      </span>
      <Help help={help} error={error} />
      <Popover className="popover popover-list" offset={4}>
        <ListBox<Option>
          className="options"
          renderEmptyState={() => <p className="options-empty">{emptyText}</p>}
        >
          {(option) => <OptionRow option={option} />}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

function OptionRow({ option }: { option: Option }) {
  return (
    <ListBoxItem id={option.id} textValue={option.name} className="option">
      {({ isSelected }) => (
        <>
          {option.sign && <span aria-hidden="true">{option.sign}</span>}
          <span className="grow">
            <span className="cut option-name">{option.name}</span>
            {option.detail && <span className="cut option-detail">{option.detail}</span>}
          </span>
          {isSelected && <Icon name="check" size={16} />}
        </>
      )}
    </ListBoxItem>
  );
}

function Help({ help, error }: Pick<Props, "help" | "error">) {
  return (
    <>
      {help && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </>
  );
}
