/** Keys of the app. */
import { useState } from "react";
import { Button, Page } from "../../ui";
import { ownApp } from "../channels/house";
import { KeyList } from "./key-list";
import { useApiText } from "./texts";

const appKeys = async () => (await ownApp()).keys;

export function KeysPage() {
  const t = useApiText();
  const [makes, setMakes] = useState(false);
  return (
    <Page
      title={t("keys")}
      intro={t("keysIntro")}
      actions={
        <Button kind="primary" icon="plus" onPress={() => setMakes(true)}>
          {t("keyNew")}
        </Button>
      }
    >
      <KeyList door={appKeys} makes={makes} onMakes={setMakes} />
    </Page>
  );
}
