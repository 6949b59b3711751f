/** A hint beside what is pointed at or focused, with the keys that do the same. */
import type { ReactElement } from "react";
import { Tooltip, TooltipTrigger } from "react-aria-components";
import { Keys } from "./keys";

interface Props {
  text: string;
  keys?: string | undefined;
  placement?: "top" | "bottom" | "left" | "right";
  children: ReactElement;
}

export function Hint({ text, keys, placement = "bottom", children }: Props) {
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      {children}
      <Tooltip className="hint" placement={placement} offset={6}>
        {text}
        {keys && <Keys keys={keys} />}
      </Tooltip>
    </TooltipTrigger>
  );
}
