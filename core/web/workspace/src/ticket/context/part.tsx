/** A part of the panel that can be folded away. */
import { type ReactNode, useId, useState } from "react";
import { Icon } from "../../ui";

interface Props {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

export function Part({ title, children, action }: Props) {
  const [open, setOpen] = useState(true);
  const id = useId();
  return (
    <section className="part" aria-labelledby={id}>
      <header className="part-head">
        <h2 id={id} className="grow">
          <button type="button" className="part-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? "down" : "right"} size={14} />
            {title}
          </button>
        </h2>
        {open && action}
      </header>
      {open && <div className="part-body">{children}</div>}
    </section>
  );
}

export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (!shown.length) return null;
  return (
    <dl className="facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
