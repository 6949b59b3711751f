/** The design system in one door. */
export { Button, type ButtonProps, IconButton } from "./button";
export {
  Avatar,
  Chip,
  type Presence,
  PresenceDot,
  STATUSES,
  type Status,
  StatusChip,
  StatusMark,
  type Tone,
} from "./chip";
export { type Loaded, useLoaded } from "./data";
export { Confirm, Dialog } from "./dialog";
export { Checkbox, Field, RowCheckbox, Switch } from "./field";
export { Hint } from "./hint";
export { Icon, type IconName } from "./icons";
export { Keys } from "./keys";
export { Menu, type MenuEntry, type MenuPart } from "./menu";
export { Page, Section } from "./page";
export { problemOf } from "./problem";
export { Combo, type Option, Select } from "./select";
export { Banner, EmptyState, ErrorState, Skeleton } from "./states";
export { type Column, Table } from "./table";
export { useTitle } from "./title";
export { toast } from "./toast";
