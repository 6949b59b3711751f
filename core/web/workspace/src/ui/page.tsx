/** The frame of a page: its title, what can be done with it, and its body. */
import type { ReactNode } from "react";
import { useTitle } from "./title";

interface Props {
  title: string;
  intro?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Uses the whole width; pages of text and forms are easier to read when they are narrow. */
  wide?: boolean;
}

export function Page({ title, intro, actions, children, wide = false }: Props) {
  useTitle(title);
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1 className="page-title">{title}</h1>
          {intro && <p className="page-intro">{intro}</p>}
        </div>
        {actions}
      </header>
      <div className={wide ? "page-body page-body-wide" : "page-body"}>{children}</div>
    </div>
  );
}

/** A card with a heading, to part a long page. */
export function Section({ title, intro, actions, children }: Omit<Props, "wide">) {
  return (
    <section className="section">
      <header className="section-head">
        <div className="grow">
          <h2 className="section-title">{title}</h2>
          {intro && <p className="help">{intro}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}
