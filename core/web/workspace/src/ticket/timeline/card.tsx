/** The card behind a text: carousels, lists, forms, buttons, places, as the bot meant them. */
import type { Content, FormAnswer, Item, MessageAction } from "../../desk/wire";
import { useText } from "../../i18n";
import { Icon } from "../../ui";
import { hostOf, ownFile, safeLink } from "../links";
import { OUTSIDE } from "./words";

/** Whether there is more to see than the text. */
export function hasCard(content: Content | null): boolean {
  if (!content) return false;
  if (["carousel", "list", "form", "location"].includes(content.type)) return true;
  return "actions" in content && Boolean(content.actions?.length);
}

export function Card({ content }: { content: Content }) {
  switch (content.type) {
    case "carousel":
      return <Items items={content.items} wide />;
    case "list":
      return (
        <>
          <Items items={content.items} />
          <Actions actions={content.actions} />
        </>
      );
    case "form":
      return <Form content={content} />;
    case "location":
      return <Place content={content} />;
    default:
      return "actions" in content ? <Actions actions={content.actions} /> : null;
  }
}

function Items({ items, wide = false }: { items: readonly Item[]; wide?: boolean }) {
  return (
    <ul className={wide ? "card-items card-items-wide" : "card-items"}>
      {items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cards have no names of their own and never move.
        <li key={at} className="card-item">
          <ItemPicture item={item} />
          <strong dir="auto">{item.title}</strong>
          {item.description && (
            <span className="soft" dir="auto">
              {item.description}
            </span>
          )}
          <Actions actions={item.actions} />
        </li>
      ))}
    </ul>
  );
}

/** Pictures of other houses are not loaded: they would tell their house who reads what, and when. */
function ItemPicture({ item }: { item: Item }) {
  const t = useText();
  const own = ownFile(item.mediaUrl);
  if (own) return <img className="card-picture" src={own} alt={item.altText ?? ""} loading="lazy" />;
  const elsewhere = safeLink(item.mediaUrl);
  if (!elsewhere) return null;
  return (
    <a className="card-elsewhere" href={elsewhere} {...OUTSIDE}>
      <Icon name="image" size={16} />
      <span className="cut">{item.altText || t("pictureElsewhere", { host: hostOf(elsewhere) })}</span>
    </a>
  );
}

function Actions({ actions }: { actions: readonly MessageAction[] | undefined }) {
  if (!actions?.length) return null;
  return (
    <ul className="card-actions">
      {actions.map((action, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={at}>
          <ActionMark action={action} />
        </li>
      ))}
    </ul>
  );
}

function ActionMark({ action }: { action: MessageAction }) {
  const href = "uri" in action ? safeLink(action.uri) : null;
  if (!href) return <span className="card-action">{action.text}</span>;
  return (
    <a className="card-action" href={href} title={href} {...OUTSIDE}>
      {action.text}
      <Icon name="outside" size={13} />
    </a>
  );
}

function Form({ content }: { content: Content & { type: "form" } }) {
  const t = useText();
  return (
    <div className="card-form">
      <dl>
        {content.fields.map((field) => (
          <div key={field.name}>
            <dt>{field.label}</dt>
            <dd className="soft">{field.options?.map((option) => option.label).join(", ") ?? "…"}</dd>
          </div>
        ))}
      </dl>
      {!content.submitted && <p className="soft small">{t("formWaiting")}</p>}
    </div>
  );
}

function Place({ content }: { content: Content & { type: "location" } }) {
  const t = useText();
  const { lat, long } = content.coordinates;
  const href = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${long}#map=16/${lat}/${long}`;
  return (
    <div className="card-place">
      <Icon name="pin" />
      <span className="grow">{content.location?.name ?? content.location?.address ?? `${lat}, ${long}`}</span>
      <a href={href} {...OUTSIDE}>
        {t("openMap")}
      </a>
    </div>
  );
}

export function answerOf(field: FormAnswer): string {
  return field.text ?? field.email ?? field.select?.map((option) => option.label).join(", ") ?? "";
}
