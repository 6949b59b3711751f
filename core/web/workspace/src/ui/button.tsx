/** Buttons. A busy button stays where it is, says so, and cannot be pressed twice. */
import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components";
import { Hint } from "./hint";
import { Icon, type IconName } from "./icons";

export type ButtonKind = "plain" | "primary" | "quiet" | "danger";

export interface ButtonProps extends Omit<AriaProps, "className" | "style" | "children"> {
  kind?: ButtonKind;
  size?: "normal" | "small";
  icon?: IconName;
  busy?: boolean;
  children?: ReactNode;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  kind = "plain",
  size = "normal",
  icon,
  busy = false,
  children,
  className = "",
  ...rest
}: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      isPending={busy}
      className={`button button-${kind} ${size === "small" ? "button-small" : ""} ${className}`}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={16} />}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "icon" | "children" | "kind"> {
  icon: IconName;
  /** What the button does: its name for screen readers, and its hint. */
  label: string;
  /** The keys that do the same, for the hint. */
  keys?: string;
  /** Whether what the button turns on is on. */
  pressed?: boolean;
  children?: ReactNode;
}

export function IconButton({
  icon,
  label,
  keys,
  pressed,
  size = "normal",
  busy = false,
  className = "",
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Hint text={label} keys={keys}>
      <AriaButton
        {...rest}
        isPending={busy}
        aria-label={label}
        aria-pressed={pressed}
        className={`icon-button ${size === "small" ? "icon-button-small" : ""} ${pressed ? "is-pressed" : ""} ${className}`}
      >
        <Icon name={icon} size={size === "small" ? 16 : 18} />
        {children}
      </AriaButton>
    </Hint>
  );
}
