/** Catches what a page could not draw, so that a fault of ours costs a page and not the agent's work. */
import { Component, type ReactNode } from "react";
import { useText } from "../i18n";
import { Button } from "./button";
import { EmptyState } from "./states";

export class Stumble extends Component<{ children: ReactNode }, { stumbled: boolean }> {
  override state = { stumbled: false };

  static getDerivedStateFromError() {
    return { stumbled: true };
  }

  override render() {
    return this.state.stumbled ? <Stumbled /> : this.props.children;
  }
}

function Stumbled() {
  const t = useText();
  return (
    <EmptyState
      icon="warning"
      title={t("crashTitle")}
      text={t("crashText")}
      action={<Button onPress={() => location.reload()}>{t("reload")}</Button>}
    />
  );
}
