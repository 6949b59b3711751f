/** Fields to write and to tick. Each has a label, an optional line of help, and its error in words. */
import type { ReactNode, Ref } from "react";
import {
  Checkbox as AriaCheckbox,
  Switch as AriaSwitch,
  TextArea as AriaTextArea,
  FieldError,
  Input,
  Label,
  Text,
  TextField,
  type TextFieldProps,
} from "react-aria-components";
import { Icon } from "./icons";

interface Common {
  label: string;
  help?: ReactNode;
  /** What is wrong with the value, usually what the server said of this field. */
  error?: string | null | undefined;
  /** Keeps the label for screen readers only. */
  labelHidden?: boolean;
}

type FieldProps = Common &
  Omit<TextFieldProps, "className" | "style" | "children"> & {
    placeholder?: string;
    /** Lines of a field for longer texts; one line without it. */
    rows?: number;
    monospace?: boolean;
    inputRef?: Ref<HTMLInputElement>;
  };

export function Field(props: FieldProps) {
  const { label, help, error, labelHidden, placeholder, rows, monospace, inputRef, ...rest } = props;
  const box = `input ${monospace ? "input-mono" : ""}`;
  return (
    <TextField {...rest} isInvalid={Boolean(error)} className="field">
      <Label className={labelHidden ? "hidden" : "label"}>{label}</Label>
      {rows ? (
        <AriaTextArea className={`${box} input-area`} rows={rows} placeholder={placeholder} />
      ) : (
        <Input className={box} placeholder={placeholder} ref={inputRef} />
      )}
      {help && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}

interface Tick {
  isSelected: boolean;
  onChange(on: boolean): void;
  isDisabled?: boolean;
  children: ReactNode;
  help?: ReactNode;
}

export function Checkbox({ children, help, ...rest }: Tick) {
  return (
    <AriaCheckbox {...rest} className="checkbox">
      <span className="checkbox-box">
        <Icon name="check" size={14} />
      </span>
      <span>
        {children}
        {help && <span className="help">{help}</span>}
      </span>
    </AriaCheckbox>
  );
}

/** A checkbox without words, for rows of a table. */
export function RowCheckbox(props: {
  label: string;
  isSelected: boolean;
  isIndeterminate?: boolean;
  onChange(on: boolean): void;
}) {
  const { label, ...rest } = props;
  return (
    <AriaCheckbox {...rest} aria-label={label} className="checkbox checkbox-bare">
      <span className="checkbox-box">
        <Icon name={props.isIndeterminate ? "minus" : "check"} size={14} />
      </span>
    </AriaCheckbox>
  );
}

export function Switch({ children, help, ...rest }: Tick) {
  return (
    <AriaSwitch {...rest} className="switch">
      <span className="switch-track" />
      <span>
        {children}
        {help && <span className="help">{help}</span>}
      </span>
    </AriaSwitch>
  );
}
